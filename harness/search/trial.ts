import type { History } from '../core/history.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Verdict } from '../core/verdict.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { type Hits, hitsOf } from './coverage.ts'
import { newGoals } from './goals.ts'
import { type Difference, differenceOf } from './self-check.ts'

/** One schedule of a search, as plain data: it may be run by another thread. */
export interface Trial {
  readonly schedule: Schedule
  /** The run is repeated to compare histories, whatever its verdict. */
  readonly selfCheck: boolean
  /** Its events are wanted. */
  readonly learn: boolean
  /**
   * Goals that are reached already; its events are wanted where it reaches another. Null: no others
   * are looked for.
   */
  readonly reached: readonly string[] | null
}

/** The result of a trial, as plain data. */
export interface Tried {
  readonly verdict: Verdict
  readonly hits: Hits
  /** Where it was learnt from, reached a new goal, or violated something. */
  readonly history: History | null
  /** Where it was run twice. */
  readonly hash: string | null
  /** Two runs of it were not the same. */
  readonly difference: Difference | null
}

/** Runs trials. Of several at once each may end before those that were given earlier. */
export interface Runner {
  /** How many it runs at the same time; it may grow. */
  readonly width: number
  try(trial: Trial): Promise<Tried>
}

/** Runs schedules in this process, one at a time. */
export function localRunner(prepared: PreparedScenario, stop: () => boolean): Runner {
  return { width: 1, try: (trial) => tryOut(prepared, trial, stop) }
}

/**
 * Runs it, and once more where it violated something or is to be checked.
 * @throws RunStopped where `stop` ended the first run
 */
export async function tryOut(
  prepared: Pick<PreparedScenario, 'run'>,
  trial: Trial,
  stop?: () => boolean,
): Promise<Tried> {
  const { schedule, selfCheck, learn, reached } = trial
  const result = await prepared.run(schedule, { stop })
  const violated = result.verdict.violations.length > 0
  const twice = violated || selfCheck
  const wanted = learn || newGoals(result.verdict, reached).length > 0
  const second = twice ? await prepared.run(schedule, { watchLeaks: true }) : null
  return {
    verdict: result.verdict,
    hits: hitsOf(result),
    history: violated || wanted ? result.history : null,
    hash: twice ? result.historyHash() : null,
    difference: second === null ? null : differenceOf(result, second),
  }
}
