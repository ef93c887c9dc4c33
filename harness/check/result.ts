import { isWrongUse, UsageError } from '../core/errors.ts'
import { lastLines } from '../core/output.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { ScenarioApp } from '../scenario/apps.ts'
import { ownRuns } from '../search/shard.ts'
import { withSeries } from './series.ts'
import type { SearchSettings } from './settings.ts'
import { unmetAssertions } from './unmet-assertions.ts'
import { type SearchedScenario, violatedResult } from './violated-result.ts'

type AboutScenario = Pick<ScenarioResult, 'name' | 'file' | 'guarantee'>

export function blankResult(
  about: AboutScenario,
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
  const drawn = async (): Promise<ScenarioResult> => {
    const { remarks, ...withCoverage } = await withSeries(searched)
    return { ...result, ...withCoverage, remarks: [...result.remarks, ...remarks] }
  }
  switch (outcome.outcome) {
    case 'held':
      return { ...heldResult(await drawn(), options), ...recalled() }
    case 'undecided':
      return { ...(await drawn()), ...recalled(), problem: outcome.reason }
    case 'nondeterministic':
      return {
        ...result,
        verdict: 'error',
        problem: `the same schedule gave two different histories: ${outcome.difference}; ${whatLivesOn(searched.apps)}`,
      }
    case 'violated':
      return violatedResult(result, searched, outcome)
  }
}

/** Possible causes of a difference: modules that the processes of all runs share. */
function whatLivesOn(apps: readonly ScenarioApp[]): string {
  if (apps.some(({ app }) => typeof app === 'function'))
    return "the module variables of an app that is a function, and of packages that it uses, live on from run to run: write app: { module: './app.ts' }"
  const sharedPackages = apps.flatMap(({ app }) =>
    typeof app === 'function' ? [] : (app.sharedPackages ?? []),
  )
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
