import { RunStopped } from '../core/errors.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { Scenario } from '../core/scenario.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { scenarioApps } from '../scenario/apps.ts'
import { findScenarioFiles, type LoadedScenario, loadScenarioFile, shownPath } from '../scenario/load.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { releaseServices } from '../scenario/services.ts'
import { type SearchOptions, type SearchOutcome, search } from '../search/search.ts'
import { ownRuns } from '../search/shard.ts'
import { baseFile } from './base-file.ts'
import { Memory } from './memory.ts'
import { blankResult, errorResult, resultOf } from './result.ts'
import type { SearchSettings } from './settings.ts'
import { oneRunAtATime } from './turn.ts'
import { WorkerPool } from './workers/pool.ts'

export interface CheckFilesOptions extends SearchSettings {
  /** Paths and globs of scenario files. */
  readonly files: readonly string[]
  /** Extends a result before it counts, with the answer of a real cluster to its counterexample. */
  readonly confirm?: ((result: ScenarioResult, of: ToCheck) => Promise<ScenarioResult>) | undefined
  /** Called as soon as a scenario is done. */
  readonly onResult?: ((result: ScenarioResult) => void) | undefined
}

/** A scenario and where it is, as a path that can be loaded again; null: nowhere but in memory. */
export interface ToCheck {
  readonly scenario: Scenario
  readonly file: string | null
}

/**
 * Checks all scenarios of these files, one after the other. What is wrong with one file or one
 * scenario becomes a result of its own, so that nothing that the others found is lost; so does what
 * an interruption left out.
 * @throws UsageError `missing-file` where a glob finds nothing
 */
export async function checkScenarios(options: CheckFilesOptions): Promise<ScenarioResult[]> {
  const { confirm = async (result) => result } = options
  const results: ScenarioResult[] = []
  const add = (result: ScenarioResult): void => {
    results.push(result)
    options.onResult?.(result)
  }
  for (const file of findScenarioFiles(options.files)) {
    const loaded = await load(file, options)
    if (!Array.isArray(loaded)) add(loaded)
    else for (const each of loaded) add(await confirm(await checkScenario(each, options), each))
  }
  return results
}

async function load(file: string, options: SearchSettings): Promise<LoadedScenario[] | ScenarioResult> {
  const about = { name: shownPath(file), file: shownPath(file), guarantee: 'unknown' }
  if (options.signal?.aborted === true) return notStarted(blankResult(about, options))
  try {
    return [...(await loadScenarioFile(file))]
  } catch (error) {
    return errorResult(blankResult(about, options), error)
  }
}

/**
 * Checks one scenario, and writes its counterexample. Never rejects: what goes wrong is in the
 * result.
 */
export async function checkScenario(
  { scenario, file }: ToCheck,
  options: SearchSettings,
): Promise<ScenarioResult> {
  const shown = file === null ? null : shownPath(file)
  const about = { name: scenario.name, file: shown, guarantee: scenario.guarantee?.model ?? 'unknown' }
  const blank = blankResult(about, options)
  if (options.signal?.aborted === true) return notStarted(blank)
  const nowMs = options.nowMs ?? (() => performance.now())
  const startedAt = nowMs()
  const { signal, timeMs } = options
  const stop = (): boolean =>
    signal?.aborted === true || (timeMs !== undefined && nowMs() - startedAt >= timeMs)
  try {
    const prepared = await prepareScenario(scenario, { file: baseFile(scenario, file), stop })
    // A thread has the zone of the process that began it, and can't set another.
    const jobs = scenario.env?.['TZ'] === undefined ? options.jobs : 1
    const memory = new Memory(prepared, file, options)
    const outcome = await searchWith(prepared, file, {
      ...options,
      jobs,
      known: memory.known,
      findingsMax: options.findings,
    })
    return await resultOf({ prepared, apps: scenarioApps(scenario), file, options, outcome, memory, blank })
  } catch (error) {
    const durationMs = nowMs() - startedAt
    if (error instanceof RunStopped) return { ...stoppedEarly(blank, signal?.aborted === true), durationMs }
    return { ...errorResult(blank, error), durationMs }
  } finally {
    releaseServices(scenario)
  }
}

function stoppedEarly(blank: ScenarioResult, interrupted: boolean): ScenarioResult {
  const problem = interrupted
    ? 'interrupted in the run without faults, which comes before the search'
    : 'the time was up in the run without faults, which comes before the search; give it a longer --time, or fewer records'
  return { ...blank, problem, interrupted }
}

/** On as many threads as asked for, where the scenario can be loaded again. */
async function searchWith(
  scenario: PreparedScenario,
  file: string | null,
  options: SearchOptions & Pick<SearchSettings, 'jobs'>,
): Promise<SearchOutcome> {
  const { jobs = 1, signal, timeMs, nowMs = () => performance.now() } = options
  if (jobs < 2 || file === null) return search(scenario, options)
  const prepared = oneRunAtATime(scenario)
  const startedMs = nowMs()
  const stop = (): boolean =>
    signal?.aborted === true || (timeMs !== undefined && nowMs() - startedMs >= timeMs)
  const address = { file, name: prepared.name }
  const trials = ownRuns(options.runs, options.shard)
  const pool = new WorkerPool({ prepared, address, jobs, trials, stop })
  try {
    return await search(prepared, { ...options, runner: pool })
  } finally {
    await pool.close()
  }
}

function notStarted(blank: ScenarioResult): ScenarioResult {
  return { ...blank, problem: 'not started: the check was interrupted before', interrupted: true }
}
