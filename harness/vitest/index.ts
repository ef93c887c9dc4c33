import { expect, test } from 'vitest'
import { terminalReport } from '../../reports/terminal.ts'
import { checkOne } from '../cli/check.ts'
import { durationMs } from '../cli/options.ts'
import type { Scenario } from '../core/scenario.ts'

export interface CheckScenarioOptions {
  /** Schedules; default 500. `ONCEOVER_RUNS` overrides. */
  readonly runs?: number
  /** Default: the scenario's name, so that a test means the same in every run. `ONCEOVER_SEED` overrides. */
  readonly seed?: string
  /** Most wall time, such as `30s`. `ONCEOVER_TIME` overrides. */
  readonly time?: string
  readonly strategy?: string
}

const RUNS_DEFAULT = 500
/** A schedule takes milliseconds; this is for machines that are busy with something else. */
const TIMEOUT_MS = 600_000

/**
 * Defines a test that fails with the shrunk story and the replay command, and has the counterexample attached. Its name
 * is `onceover: <scenario's name> is <guarantee>`.
 */
export function checkScenario(scenario: Scenario, options: CheckScenarioOptions = {}): void {
  const file = expect.getState().testPath ?? null
  const { env } = process
  const time = env['ONCEOVER_TIME'] ?? options.time
  test(`onceover: ${scenario.name} is ${scenario.guarantee.model}`, { timeout: TIMEOUT_MS }, async ({
    annotate,
  }) => {
    const result = await checkOne(
      { scenario, file },
      {
        seed: env['ONCEOVER_SEED'] ?? options.seed ?? scenario.name,
        runs: Number(env['ONCEOVER_RUNS'] ?? options.runs ?? RUNS_DEFAULT),
        timeMs: time === undefined ? undefined : durationMs(time),
        strategy: options.strategy ?? 'portfolio',
        out: '.onceover',
      },
    )
    if (result.verdict === 'held') return
    const timeIsUp = result.verdict === 'undecided' && result.interrupted
    if (timeIsUp) return
    const { counterexample } = result
    if (counterexample !== null) {
      const body = JSON.stringify(counterexample.content, null, 2)
      await annotate(counterexample.content.explanation.sentence, 'error', {
        contentType: 'application/json',
        body: Buffer.from(body),
      })
    }
    const error = new Error(terminalReport(result))
    error.stack = `${error.name}: ${error.message}`
    throw error
  })
}
