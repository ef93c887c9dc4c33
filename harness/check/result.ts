import path from 'node:path'
import { tell } from '../../properties/index.ts'
import { COUNTEREXAMPLE_VERSION, type Counterexample, type Explanation } from '../core/counterexample.ts'
import { isWrongUse, UsageError } from '../core/errors.ts'
import { recordName } from '../core/names.ts'
import { lastLines, type OutputLine } from '../core/output.ts'
import type { CounterexampleSummary, ScenarioResult } from '../core/result.ts'
import type { App } from '../core/scenario.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { shownPath } from '../scenario/load.ts'
import { necessary } from '../search/necessary.ts'
import type { FoundDefect } from '../search/outcome.ts'
import type { SearchOutcome } from '../search/search.ts'
import { ownRuns } from '../search/shard.ts'
import { writeCounterexample } from './counterexample-file.ts'
import type { Memory } from './memory.ts'
import type { SearchSettings } from './settings.ts'
import { unmetAssertions } from './unmet-assertions.ts'
import { harnessVersion, runsFromSources } from './version.ts'

type About = Pick<ScenarioResult, 'name' | 'file' | 'guarantee'>

export function blankResult(
  about: About,
  { seed, strategy }: Pick<SearchSettings, 'seed' | 'strategy'>,
): ScenarioResult {
  return {
    ...about,
    verdict: 'undecided',
    runs: 0,
    seed,
    strategy,
    durationMs: 0,
    schedulesPerSecond: 0,
    violations: [],
    notes: [],
    remarks: [],
    counterexample: null,
    output: [],
    others: [],
    recalled: null,
    coverage: null,
    problem: null,
    interrupted: false,
    usageError: false,
  }
}

/** Wrong use by its one sentence; a defect of ours with the stack that we need to mend it. */
export function errorResult(blank: ScenarioResult, error: unknown): ScenarioResult {
  const usageError = isWrongUse(error)
  const text = error instanceof Error ? (usageError ? error.message : (error.stack ?? error.message)) : error
  const output = error instanceof UsageError ? lastLines(error.output) : []
  return { ...blank, verdict: 'error', problem: String(text), usageError, output }
}

export interface SearchedScenario {
  readonly prepared: PreparedScenario
  readonly app: App
  /** File that the scenario can be loaded from again; null: nowhere but in memory. */
  readonly file: string | null
  readonly options: SearchSettings
  readonly outcome: SearchOutcome
  readonly memory: Memory
  readonly blank: ScenarioResult
}

/** The result of a search in the form that every report takes; writes the counterexample's file. */
export async function resultOf(searched: SearchedScenario): Promise<ScenarioResult> {
  const { outcome, options, blank } = searched
  const { runs, durationMs, notes, coverage, interrupted } = outcome
  const result: ScenarioResult = {
    ...blank,
    runs,
    durationMs,
    schedulesPerSecond: durationMs === 0 ? 0 : (runs / durationMs) * 1000,
    notes,
    remarks: searched.prepared.remarks,
    coverage,
    interrupted,
  }
  const recalled = (): Pick<ScenarioResult, 'recalled'> => ({
    recalled: searched.memory.keep(outcome.knownTried),
  })
  switch (outcome.outcome) {
    case 'held':
      return { ...heldResult(result, options), ...recalled() }
    case 'undecided':
      return { ...result, ...recalled(), problem: outcome.reason }
    case 'nondeterministic':
      return {
        ...result,
        verdict: 'error',
        problem: `the same schedule gave two different histories: ${outcome.difference}; ${whatLivesOn(searched.app)}`,
      }
    case 'violated':
      return violatedResult(result, searched, [outcome, ...outcome.others])
  }
}

/** Possible causes of a difference: modules that the processes of all runs share. */
function whatLivesOn(app: App): string {
  if (typeof app === 'function')
    return "the module variables of an app that is a function, and of packages that it uses, live on from run to run: write app: { module: './app.ts' }"
  const { sharedPackages = [] } = app
  return sharedPackages.length === 0
    ? 'something that the app uses lives on from run to run: a file, a global variable, or work that a package began when it was loaded'
    : `what ${sharedPackages.join(', ')} keep in module variables lives on from run to run: take them out of app.sharedPackages`
}

/**
 * A time limit is a budget like any other; Ctrl-C is not, and neither is a budget that let no fault
 * happen.
 */
function heldResult(result: ScenarioResult, settings: SearchSettings): ScenarioResult {
  const { runs, shard, signal } = settings
  const missing = (settings.require === 'sweep' ? missingOfSweep(result) : null) ?? unmetAssertions(result)
  if (missing !== null && signal?.aborted !== true) return { ...result, problem: missing }
  if (!result.interrupted) return { ...result, verdict: 'held' }
  const done = `after ${result.runs} of ${ownRuns(runs, shard)} schedules; none of them failed`
  if (signal?.aborted === true) return { ...result, problem: `interrupted ${done}` }
  if (result.runs < 2)
    return { ...result, problem: 'the time was up before any fault had happened; give it a longer --time' }
  return { ...result, verdict: 'held', problem: `the time was up ${done}` }
}

/** The reason why a search was not the whole sweep that the user required; null: it was. */
function missingOfSweep({ coverage }: ScenarioResult): string | null {
  const { done = 0, total = 0 } = coverage?.sweep ?? {}
  if (total > 0 && done === total) return null
  const tried =
    total === 0 ? 'no single fault could be tried' : `${done} of ${total} single faults were tried`
  const cure = total === 0 ? 'let the scenario have faults' : 'raise --runs or --time'
  return `--require sweep asks for every single fault, and ${tried}; ${cure}, or leave --require away`
}

async function violatedResult(
  result: ScenarioResult,
  searched: SearchedScenario,
  all: readonly [FoundDefect, ...FoundDefect[]],
): Promise<ScenarioResult> {
  const [{ finding, shrunk }] = all
  const violated: ScenarioResult = {
    ...result,
    verdict: 'violated',
    violations: [finding, ...shrunk.result.verdict.violations.filter((each) => each !== finding)],
  }
  const { folder } = place(searched)
  const shown: { found: FoundDefect; content: Counterexample; summary: CounterexampleSummary }[] = []
  const taken = new Set<string>()
  const failures: string[] = []
  for (const found of all) {
    const content = contentOf(searched, found, await explain(searched, found), folder)
    let file: string | null = null
    try {
      file = folder === null ? null : writeCounterexample(folder, content, taken)
      if (file !== null) taken.add(file)
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
    shown.push({ found, content, summary: summary(searched, found, content, file) })
  }
  const output = await outputOf(searched, all[0])
  const [first, ...others] = shown.map((each) => each.summary)
  const [found] = all
  const remarks = leavesOut(found) ? [...violated.remarks, LEFT_OUT] : violated.remarks
  return {
    ...violated,
    remarks,
    counterexample: first ?? null,
    output,
    others,
    recalled: searched.memory.keep(searched.outcome.knownTried, shown),
    problem: failures.length === 0 ? null : `the replay file could not be written: ${failures[0]}`,
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

async function explain(
  { prepared }: SearchedScenario,
  { shrunk, finding }: FoundDefect,
): Promise<Explanation> {
  const { faults, inevitableFrom } = await necessary(prepared, shrunk, finding.property)
  return { ...tell(shrunk.result.history, finding), necessary: faults, inevitableFrom }
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
    made: { harness: harnessVersion(), node: process.version, client: prepared.client },
  }
}

function summary(
  { options, memory }: SearchedScenario,
  found: FoundDefect,
  content: Counterexample,
  file: string | null,
): CounterexampleSummary {
  const { shrunk, foundAfterRuns, cause } = found
  const { workload, faults, holds } = content.schedule
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
  }
}

/** A command to paste; in a checkout of this repository there is no built command yet. */
export function replayCommand(file: string): string {
  return `${runsFromSources() ? 'npm run onceover --' : 'npx onceover'} replay ${shellWord(file)}`
}

export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_./:@%+,=-]+$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
