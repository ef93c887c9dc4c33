import { replayReport } from '../../reports/replay.ts'
import { terminalReport } from '../../reports/terminal.ts'
import { checkScenario, type ToCheck } from '../check/check.ts'
import { readCounterexample } from '../check/counterexample-file.ts'
import { replay } from '../check/replay.ts'
import { replayCommand } from '../check/replay-command.ts'
import { OUT_DEFAULT } from '../check/settings.ts'
import { type SuiteOptions, suiteSettings } from '../check/suite-settings.ts'
import { inTurn } from '../check/turn.ts'
import type { Counterexample } from '../core/counterexample.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { Scenario } from '../core/scenario.ts'
import type { CheckResult } from './check-result.ts'
import { suiteCommand } from './suite-command.ts'
import { scenarioOf } from './target.ts'

export interface CheckOptions extends SuiteOptions {
  /** Threads that run schedules, where the scenario is in a file of its own; default 1. */
  readonly jobs?: number
  /** Folder for replay files; default `.onceover`. Null: none is written. */
  readonly out?: string | null
  /** Ends the search early: the verdict is then `undecided`, or `violated` by what was found. */
  readonly signal?: AbortSignal
}

/**
 * One search from a program, or the one schedule that `ONCEOVER_REPLAY` names where it is of this
 * scenario. `callerFile` is the file that asks: a scenario that is defined there can be run again
 * by nothing else.
 */
export async function checkHere(
  target: Scenario | string | URL,
  options: CheckOptions,
  callerFile: string | null,
): Promise<CheckResult> {
  const toCheck = await scenarioOf(target)
  const { scenario, file } = toCheck
  const { jobs, signal, out = OUT_DEFAULT } = options
  const settings = { ...suiteSettings(scenario, options), out, signal }
  const replayed = process.env['ONCEOVER_REPLAY'] ?? ''
  const counterexample = replayed === '' ? null : readCounterexample(replayed)
  if (counterexample !== null && counterexample.scenario.name === scenario.name)
    return inTurn(() => replayOf(counterexample, toCheck))
  const here = file !== null && file === callerFile
  const search = {
    ...settings,
    // A thread can't load a test file.
    jobs: here ? 1 : jobs,
    replayCommand: (written: string) => (here ? suiteCommand(written, file) : replayCommand(written)),
  }
  return resultFor(await inTurn(() => checkScenario(toCheck, search)))
}

async function replayOf(counterexample: Counterexample, { scenario, file }: ToCheck): Promise<CheckResult> {
  const { replay: again } = await replay(counterexample, scenario, file)
  const { outcome, finding } = again
  return {
    scenario: scenario.name,
    verdict: outcome === 'same' || outcome === 'other' ? 'violated' : outcome,
    report: replayReport(again),
    runs: 2,
    seed: counterexample.schedule.seed,
    violations: finding === null ? [] : [{ property: finding.property, message: finding.message }],
    replay: null,
  }
}

function resultFor(result: ScenarioResult): CheckResult {
  const { name, runs, seed, violations, counterexample } = result
  return {
    scenario: name,
    verdict: verdictOf(result),
    report: terminalReport(result),
    runs,
    seed,
    violations: violations.map(({ property, message }) => ({ property, message })),
    replay:
      counterexample?.file === null || counterexample?.file === undefined
        ? null
        : { file: counterexample.file, command: counterexample.replayCommand ?? '' },
  }
}

function verdictOf({ verdict, usageError }: ScenarioResult): CheckResult['verdict'] {
  if (verdict !== 'error') return verdict
  return usageError ? 'cannot-be-checked' : 'harness-error'
}
