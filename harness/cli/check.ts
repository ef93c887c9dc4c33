import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { tell } from '../../properties/index.ts'
import { COUNTEREXAMPLE_VERSION, type Counterexample } from '../core/counterexample.ts'
import { UsageError } from '../core/errors.ts'
import type { CounterexampleSummary, Progress, ScenarioResult } from '../core/result.ts'
import type { Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../run/prepare.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { type SearchOutcome, search } from '../search/search.ts'
import { harnessVersion } from './version.ts'

export interface CheckOptions {
  readonly seed: string
  readonly runs: number
  readonly timeMs?: number | undefined
  readonly strategy: string
  /** Folder for counterexamples, or null to write none. */
  readonly out: string | null
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface ToCheck {
  readonly scenario: Scenario
  /** Absolute path, or null for a scenario in memory. */
  readonly file: string | null
}

/** Checks one scenario. What is wrong with it becomes a result too: nothing that others found is lost. */
export async function checkOne({ scenario, file }: ToCheck, options: CheckOptions): Promise<ScenarioResult> {
  const shownFile = file === null ? null : path.relative(process.cwd(), file)
  const startedAt = performance.now()
  const failed = (error: unknown): ScenarioResult => ({
    ...blank(scenario, shownFile, options),
    durationMs: performance.now() - startedAt,
    verdict: 'error',
    problem: error instanceof Error ? error.message : String(error),
    usageError: error instanceof UsageError,
  })
  let prepared: PreparedScenario
  try {
    prepared = await prepareScenario(scenario, { file })
  } catch (error) {
    return failed(error)
  }
  try {
    const outcome = await search(prepared, options)
    return resultOf(prepared, shownFile, options, outcome)
  } catch (error) {
    return failed(error)
  }
}

function blank(scenario: Scenario, file: string | null, { seed, strategy }: CheckOptions): ScenarioResult {
  return {
    name: typeof scenario.name === 'string' ? scenario.name : (file ?? 'scenario'),
    file,
    guarantee: scenario.guarantee?.model ?? 'unknown',
    verdict: 'undecided',
    runs: 0,
    seed,
    strategy,
    durationMs: 0,
    schedulesPerSecond: 0,
    violations: [],
    notes: [],
    counterexample: null,
    coverage: null,
    problem: null,
    interrupted: false,
    usageError: false,
  }
}

function resultOf(
  prepared: PreparedScenario,
  file: string | null,
  options: CheckOptions,
  outcome: SearchOutcome,
): ScenarioResult {
  const { runs, durationMs, notes, coverage, interrupted } = outcome
  const result: ScenarioResult = {
    ...blank({ name: prepared.name, guarantee: prepared.guarantee } as Scenario, file, options),
    runs,
    durationMs,
    schedulesPerSecond: durationMs === 0 ? 0 : (runs / durationMs) * 1000,
    notes,
    coverage,
    interrupted,
  }
  switch (outcome.outcome) {
    case 'held':
      if (!interrupted) return { ...result, verdict: 'held' }
      return {
        ...result,
        verdict: 'undecided',
        problem: `the search was ended after ${runs} of ${options.runs} schedules; none of them failed`,
      }
    case 'undecided':
      return { ...result, verdict: 'undecided', problem: outcome.reason }
    case 'nondeterministic':
      return {
        ...result,
        verdict: 'error',
        problem: `the same schedule gave two different histories: ${outcome.difference}`,
      }
    case 'violated':
      return {
        ...result,
        verdict: 'violated',
        violations: [outcome.finding],
        counterexample: summarise(prepared, options, outcome),
      }
  }
}

function summarise(
  prepared: PreparedScenario,
  options: CheckOptions,
  outcome: SearchOutcome & { readonly outcome: 'violated' },
): CounterexampleSummary {
  const { shrunk, finding, foundAfterRuns } = outcome
  const { schedule, result } = shrunk
  const { sentence, story } = tell(result.history, finding)
  const folder = options.out === null ? null : path.resolve(options.out)
  const content: Counterexample = {
    version: COUNTEREXAMPLE_VERSION,
    scenario: { name: prepared.name, file: relativeFile(prepared.file, folder) },
    schedule,
    violation: finding,
    historyHash: result.historyHash(),
    explanation: {
      sentence,
      story,
      necessary: schedule.faults.map((fault) => ({
        fault: `${fault.kind} ${fault.target}`,
        needed: shrunk.oneMinimal,
      })),
    },
    made: { harness: harnessVersion(), node: process.version, client: prepared.client },
  }
  const file =
    folder === null || prepared.file === null ? null : writeCounterexample(folder, prepared.name, content)
  const { workload, faults, holds } = schedule
  return {
    file,
    replayCommand: file === null ? null : `npx onceover replay ${file}`,
    content,
    faults: faults.length,
    holds: holds.length,
    records: workload.records.length,
    consumers: workload.consumers,
    partitions: Object.values(workload.topics).reduce((sum, { partitions }) => sum + partitions, 0),
    shrinkRuns: shrunk.runs,
    shrinkMs: shrunk.durationMs,
    foundAfterRuns,
  }
}

function relativeFile(file: string | null, folder: string | null): string {
  if (file === null) return ''
  return folder === null ? file : path.relative(folder, file)
}

/** Written whole or not at all. */
function writeCounterexample(folder: string, name: string, content: Counterexample): string {
  mkdirSync(folder, { recursive: true })
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const file = path.join(folder, `${slug}-${content.violation.property}.json`)
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`)
  renameSync(temporary, file)
  return path.relative(process.cwd(), file)
}
