import type { Explanation } from '../core/counterexample.ts'
import type { Fault } from '../core/fault.ts'
import { describeFault } from '../core/fault-words.ts'
import type { Schedule } from '../core/schedule.ts'
import type { PropertyName } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { withFaults } from './shrink-moves.ts'

export interface Necessity {
  /** In the order of the schedule's faults: whether the violation needs it. */
  readonly faults: Explanation['necessary']
  /**
   * How often the schedule fails with other timings, after each of its faults in the order in which
   * they acted.
   */
  readonly prefixes: readonly {
    /** The last fault of the prefix in words, or null for none at all. */
    readonly upTo: string | null
    readonly failed: number
    readonly of: number
  }[]
  /**
   * The fault from which on every timing that was tried failed; `the start` where no fault is
   * needed; null: never.
   */
  readonly inevitableFrom: string | null
}

const TIMINGS = 8

export interface Failing {
  readonly schedule: Schedule
  readonly result: RunResult
  /** Shrinking has proved already that every fault is needed. */
  readonly oneMinimal?: boolean
}

/**
 * Finds the faults that the violation needs, by taking each away by itself, and how close to
 * certain the violation is after each fault, with the seeds of the latencies changed. Takes one run
 * for each fault that is not known to be needed, and 8 for each prefix.
 */
export async function necessary(
  prepared: PreparedScenario,
  { schedule, result, oneMinimal = false }: Failing,
  property: PropertyName,
): Promise<Necessity> {
  const fails = async (candidate: Schedule): Promise<boolean> => {
    const { verdict } = await prepared.run(candidate, { stopAt: property })
    return verdict.violations.some((finding) => finding.property === property)
  }
  const faults: { fault: string; needed: boolean }[] = []
  for (const [index, fault] of schedule.faults.entries()) {
    const needed = oneMinimal || !(await fails(withFaults(schedule, schedule.faults.toSpliced(index, 1))))
    faults.push({ fault: describeFault(fault), needed })
  }
  const ordered = inOrderOfActing(result)
  const prefixes: Necessity['prefixes'][number][] = []
  for (let length = 0; length <= ordered.length; length += 1) {
    const prefix = withFaults(schedule, ordered.slice(0, length))
    let failed = 0
    for (let timing = 1; timing <= TIMINGS; timing += 1) {
      if (await fails({ ...prefix, seed: `${schedule.seed}/timing-${timing}` })) failed += 1
    }
    const last = ordered[length - 1]
    prefixes.push({ upTo: last === undefined ? null : describeFault(last), failed, of: TIMINGS })
  }
  const certain = prefixes.find(({ failed, of }) => failed === of)
  const inevitableFrom = certain === undefined ? null : (certain.upTo ?? 'the start')
  return { faults, prefixes, inevitableFrom }
}

function inOrderOfActing({ schedule, history }: RunResult): Fault[] {
  const order = history.events.flatMap((event) =>
    event.kind === 'fault' && event.phase === 'begins' ? [event.index] : [],
  )
  return order.flatMap((index) => schedule.faults.slice(index, index + 1))
}
