import type { Schedule } from '../core/schedule.ts'
import type { Finding, PropertyName } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { type Difference, differenceOf } from './self-check.ts'

/** A schedule that violated this property before. */
export interface KnownFailure {
  readonly schedule: Schedule
  readonly property: PropertyName
}

/**
 * The result of trying a known failure: it still violates its property, or another one, or none;
 * then the defect is mended, or the schedule no longer reaches it.
 */
export type KnownTried = 'fails' | 'other' | 'passes'

export interface KnownRun {
  readonly result: RunResult
  /** Of its property where that is violated, else of another. */
  readonly finding: Finding | null
  readonly difference: Difference | null
}

/**
 * Runs it as a replay does, with its property pinned; twice where it fails.
 * @throws RunStopped where `stop` ended the first run
 */
export async function tryKnown(
  prepared: PreparedScenario,
  { schedule, property }: KnownFailure,
  stop: () => boolean,
): Promise<KnownRun> {
  const result = await prepared.run(schedule, { stopAt: property, stop })
  const { violations } = result.verdict
  const finding = violations.find((each) => each.property === property) ?? violations[0] ?? null
  if (finding === null) return { result, finding, difference: null }
  const second = await prepared.run(schedule, { stopAt: property, watchLeaks: true })
  return { result, finding, difference: differenceOf(result, second) }
}
