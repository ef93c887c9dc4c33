import type { TestContext } from 'vitest'
import { replayReport } from '../../reports/replay.ts'
import type { ToCheck } from '../check/check.ts'
import { readCounterexample } from '../check/counterexample-file.ts'
import { OnceoverFailure } from '../check/failure.ts'
import { replay } from '../check/replay.ts'

/**
 * `ONCEOVER_REPLAY=<counterexample> vitest run`: the test of its scenario runs that schedule, all
 * others are skipped.
 */
export async function replayInTest(
  context: TestContext,
  counterexampleFile: string,
  { scenario, file, place }: ToCheck & { readonly place: string },
): Promise<void> {
  const counterexample = readCounterexample(counterexampleFile)
  const { name } = counterexample.scenario
  if (name !== scenario.name) context.skip(`ONCEOVER_REPLAY is of '${name}'`)
  const { replay: result } = await replay(counterexample, scenario, file)
  if (result.outcome !== 'held') throw new OnceoverFailure(replayReport(result), place)
}
