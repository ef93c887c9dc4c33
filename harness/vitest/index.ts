import path from 'node:path'
import { expect, type TestContext, test } from 'vitest'
import { terminalReport } from '../../reports/terminal.ts'
import { checkScenario as check, type ToCheck } from '../check/check.ts'
import { OnceoverFailure, placeOfCall } from '../check/failure.ts'
import { replayCommand, shellWord } from '../check/replay-command.ts'
import { OUT_DEFAULT } from '../check/settings.ts'
import { type SuiteOptions, suiteSettings } from '../check/suite-settings.ts'
import { inTurn } from '../check/turn.ts'
import type { Confirmation } from '../core/confirmation.ts'
import { isWrongUse } from '../core/errors.ts'
import { jsonText } from '../core/json.ts'
import type { ScenarioResult } from '../core/result.ts'
import type { Scenario } from '../core/scenario.ts'
import { CONFIRM_TIMES_DEFAULT, demandRealOptions, type ReplayOnRealOptions } from '../real/settings.ts'
import { scenarioApps } from '../scenario/apps.ts'
import { definedIn } from '../scenario/define.ts'
import { replayInTest } from './replay.ts'

export type { ReplayOnRealOptions } from '../real/settings.ts'

export interface CheckScenarioOptions extends SuiteOptions {
  /**
   * Replays a violation on a real Kafka, and adds the result to the failure; the test's verdict
   * stays as it is. `ONCEOVER_REAL=local`, or another provider's name, turns it on.
   */
  readonly real?: { readonly provider?: string; readonly times?: number }
  /** The test's own timeout in milliseconds; default: long enough for slow machines. */
  readonly timeoutMs?: number
}

/** A schedule takes a few milliseconds: this is for machines that are busy with something else. */
const MS_PER_RUN_MAX = 100
/** Preparing, and shrinking within its 500 runs. */
const MS_AROUND_MAX = 120_000
/**
 * A cluster that starts on a busy machine, and a try that waits for sessions and client time-
 * outs.
 */
const MS_PER_CLUSTER_MAX = 300_000
const MS_PER_TRY_MAX = 600_000

/**
 * Defines a test that fails with the shrunk story and the command that replays it, and has the
 * counterexample attached, for every reporter that shows annotations. Its name is `onceover:
 * <scenario's name> is <guarantee>`.
 * @throws UsageError where an option or an `ONCEOVER_…` variable is wrong
 */
export function checkScenario(scenario: Scenario, options: CheckScenarioOptions = {}): void {
  const { runs, seed, timeMs, strategy, require } = suiteSettings(scenario, options)
  const place = placeOfCall(checkScenario)
  const testFile = expect.getState().testPath ?? null
  const file = definedIn(scenario) ?? testFile
  const name = `onceover: ${scenario.name} is ${scenario.guarantee.model}`
  const real = realOptions(options)
  const realMs = real === null ? 0 : MS_PER_CLUSTER_MAX + real.times * MS_PER_TRY_MAX
  const timeout = options.timeoutMs ?? (timeMs ?? runs * MS_PER_RUN_MAX) + MS_AROUND_MAX + realMs
  test(name, { timeout, concurrent: false }, async (context) => {
    const replayed = process.env['ONCEOVER_REPLAY']
    if (replayed !== undefined && replayed !== '')
      return inTurn(() => replayInTest(context, replayed, { scenario, file, place }))
    const { signal } = context
    const settings = { runs, seed, timeMs, strategy, require, out: OUT_DEFAULT, signal }
    const replay = { replayCommand: (written: string) => commandFor(written, file, testFile, name) }
    const found = await inTurn(() => check({ scenario, file }, { ...settings, ...replay }))
    if (found.verdict === 'held') return
    const inTest = scenarioApps(scenario).some(({ app }) => typeof app === 'function') && file === testFile
    const result =
      real === null
        ? found
        : inTest
          ? { ...found, remarks: [...found.remarks, IN_TEST] }
          : await inTurn(() => confirmed(found, { scenario, file }, { ...real, signal }))
    await attach(context, result)
    throw new OnceoverFailure(terminalReport(result), place)
  })
}

/**
 * Replays a file that `onceover check` wrote on a real Kafka, for a test of one's own.
 * @throws UsageError, RealClusterError in one sentence
 */
export async function replayOnReal(file: string, options: ReplayOnRealOptions = {}): Promise<Confirmation> {
  const real = await import('../real/confirm.ts')
  return real.replayOnReal(file, options)
}

interface RealSettings {
  readonly provider?: string
  readonly times: number
}

/** @throws UsageError */
function realOptions({ real }: CheckScenarioOptions): RealSettings | null {
  const named = process.env['ONCEOVER_REAL'] || undefined
  if (named === undefined && real === undefined) return null
  const settings = { ...real, ...(named !== undefined && { provider: named }) }
  demandRealOptions(settings)
  return { ...settings, times: settings.times ?? CONFIRM_TIMES_DEFAULT }
}

const IN_TEST =
  "It could not be tried on a real Kafka: its app is a function in a test file, which no other process can load; write app: { module: './consumer.ts' }, or define the scenario in a file of its own."

async function confirmed(
  result: ScenarioResult,
  target: ToCheck,
  real: RealSettings & { readonly signal: AbortSignal },
): Promise<ScenarioResult> {
  // Loaded when asked for: most tests need nothing of what a real cluster takes.
  const { Confirmer } = await import('../real/confirm.ts')
  try {
    const confirmer = await Confirmer.open(real)
    try {
      return await confirmer.confirmed(result, target)
    } finally {
      await confirmer.close()
    }
  } catch (error) {
    // What the search has found is not lost where no Kafka can be had.
    if (!isWrongUse(error)) throw error
    return {
      ...result,
      remarks: [...result.remarks, `It could not be tried on a real Kafka: ${error.message}.`],
    }
  }
}

/**
 * A test file cannot be loaded outside vitest: a scenario that is defined in one is replayed by its
 * test.
 */
function commandFor(written: string, file: string | null, testFile: string | null, name: string): string {
  if (testFile === null || file !== testFile) return replayCommand(written)
  const test = shellWord(path.relative(process.cwd(), testFile))
  return `ONCEOVER_REPLAY=${shellWord(written)} npx vitest run ${test} -t ${shellWord(name)}`
}

/**
 * The sentence with the replay file: vitest's reporters, JUnit and GitHub's annotations show it.
 */
async function attach({ annotate }: TestContext, { counterexample }: ScenarioResult): Promise<void> {
  if (counterexample === null) return
  const { content } = counterexample
  await annotate(`${content.violation.property}: ${content.explanation.sentence}`, 'error', {
    contentType: 'application/json',
    body: new TextEncoder().encode(`${jsonText(content, null, 2)}\n`),
  })
}
