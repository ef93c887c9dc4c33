import path from 'node:path'
import { measureSeries, tell } from '../../properties/index.ts'
import {
  COUNTEREXAMPLE_VERSION,
  type Continuation,
  type Counterexample,
  type Explanation,
} from '../core/counterexample.ts'
import { recordName } from '../core/names.ts'
import { lastLines, type OutputLine } from '../core/output.ts'
import type { CounterexampleSummary, ScenarioResult } from '../core/result.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import type { ScenarioApp } from '../scenario/apps.ts'
import { shownPath } from '../scenario/load.ts'
import { continuations } from '../search/continuations.ts'
import { type Necessity, necessary } from '../search/necessary.ts'
import type { FoundDefect, FoundDefects } from '../search/outcome.ts'
import type { SearchOutcome } from '../search/search.ts'
import { writeCounterexample } from './counterexample-file.ts'
import type { Memory } from './memory.ts'
import { replayCommand } from './replay-command.ts'
import type { SearchSettings } from './settings.ts'
import { madeWith } from './version.ts'

export interface SearchedScenario {
  readonly prepared: PreparedScenario
  readonly apps: readonly ScenarioApp[]
  /** File that the scenario can be loaded from again; null: nowhere but in memory. */
  readonly file: string | null
  readonly options: SearchSettings
  readonly outcome: SearchOutcome
  readonly memory: Memory
  readonly blank: ScenarioResult
}

/** With a counterexample of each finding, explained and written to its file. */
export async function violatedResult(
  result: ScenarioResult,
  searched: SearchedScenario,
  first: FoundDefects,
): Promise<ScenarioResult> {
  const { finding, shrunk, cutShort } = first
  const violated: ScenarioResult = {
    ...result,
    verdict: 'violated',
    violations: [finding, ...shrunk.result.verdict.violations.filter((each) => each !== finding)],
  }
  const { folder } = place(searched)
  const shown: { found: FoundDefect; content: Counterexample; summary: CounterexampleSummary }[] = []
  const taken = new Set<string>()
  const failures: string[] = []
  const { signal } = searched.options
  // A search that is ended by a key or a time limit skips what can be left out.
  const stopped = (): boolean => searched.outcome.interrupted || signal?.aborted === true
  for (const found of [first, ...first.others]) {
    // What was found is told, whatever goes wrong with one of them.
    const fail = (what: string) => (error: unknown) =>
      void failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    const needs = await necessary(searched.prepared, found.shrunk, found.finding.property).catch(
      fail('it was not tried what the counterexample needs'),
    )
    const explained = explanationOf(found, needs ?? null)
    const failed = { ...found.shrunk, property: found.finding.property, story: explained.story }
    const goesOn = await continuations(searched.prepared, failed, stopped).catch(
      fail('it was not tried how the counterexample could go on'),
    )
    const content = contentOf(searched, found, withContinuations(explained, goesOn ?? []), folder)
    let file: string | null = null
    try {
      file = folder === null ? null : writeCounterexample(folder, content, taken)
      if (file !== null) taken.add(file)
    } catch (error) {
      fail('the replay file could not be written')(error)
    }
    shown.push({ found, content, summary: summary(searched, found, content, file) })
  }
  const output = await outputOf(searched, first)
  const [counterexample, ...others] = shown.map((each) => each.summary)
  return {
    ...violated,
    remarks: [
      ...violated.remarks,
      ...(leavesOut(first) ? [LEFT_OUT] : []),
      ...(cutShort === null ? [] : [`the search for more findings ended early: ${cutShort}`]),
    ],
    counterexample: counterexample ?? null,
    output,
    others,
    recalled: searched.memory.keep(searched.outcome.knownTried, shown),
    problem: failures[0] ?? null,
  }
}

/** One run more: most runs keep nothing of what the app prints. */
async function outputOf(
  { prepared }: SearchedScenario,
  { shrunk, finding }: FoundDefect,
): Promise<readonly OutputLine[]> {
  const lines: OutputLine[] = []
  await prepared.run(shrunk.schedule, { stopAt: finding.property, output: (line) => void lines.push(line) })
  return lastLines(lines)
}

const LEFT_OUT =
  'its handler ended without an effect although nothing went wrong: an app that leaves a record out on purpose, as a filter does, says so with context.effects.skip({ topic, partition, offset })'

/** Without any fault, a handler ended that had reported no effect of a record that is then lost. */
function leavesOut({ finding, shrunk }: FoundDefect): boolean {
  const { property, about } = finding
  if (property !== 'lost-record' && property !== 'commit-ahead') return false
  if (shrunk.schedule.faults.length > 0) return false
  const { events } = shrunk.result.history
  return events.some((event) => event.kind === 'handler-end' && about?.records?.includes(recordName(event)))
}

/** Nothing is written for a scenario that no file could give back. */
function place({ options, file }: SearchedScenario): { readonly folder: string | null } {
  return { folder: options.out === null || file === null ? null : path.resolve(options.out) }
}

function explanationOf({ shrunk, finding }: FoundDefect, needs: Necessity | null): Explanation {
  return {
    ...tell(shrunk.result.history, finding),
    necessary: needs?.faults ?? [],
    inevitableFrom: needs?.inevitableFrom ?? null,
  }
}

function withContinuations(explained: Explanation, goesOn: readonly Continuation[]): Explanation {
  return goesOn.length === 0 ? explained : { ...explained, continuations: goesOn }
}

function contentOf(
  { prepared, file }: SearchedScenario,
  { shrunk, finding }: FoundDefect,
  explanation: Explanation,
  folder: string | null,
): Counterexample {
  const relative =
    file === null ? '' : folder === null ? file : path.relative(folder, file).replaceAll(path.sep, '/')
  return {
    version: COUNTEREXAMPLE_VERSION,
    scenario: { name: prepared.name, file: relative },
    schedule: shrunk.schedule,
    violation: finding,
    historyHash: shrunk.result.historyHash(),
    explanation,
    made: madeWith(prepared),
  }
}

function summary(
  { prepared, options, memory }: SearchedScenario,
  found: FoundDefect,
  content: Counterexample,
  file: string | null,
): CounterexampleSummary {
  const { shrunk, foundAfterRuns, cause } = found
  const { workload, faults, holds } = content.schedule
  const series = measureSeries(shrunk.result.history, { ...prepared.setting, workload })
  const shown = file === null ? null : shownPath(file)
  return {
    file: shown,
    replayCommand: shown === null ? null : (options.replayCommand ?? replayCommand)(shown),
    content,
    faults: faults.length,
    holds: holds.length,
    records: workload.records.length,
    consumers: workload.consumers,
    partitions: Object.values(workload.topics).reduce((sum, { partitions }) => sum + partitions, 0),
    minimal: shrunk.oneMinimal,
    shrinkRuns: shrunk.runs,
    shrinkMs: shrunk.durationMs,
    foundAfterRuns,
    cause,
    state: memory.stateOf(found),
    knownFrom: memory.knownFrom(found),
    series,
  }
}
