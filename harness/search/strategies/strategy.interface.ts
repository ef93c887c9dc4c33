import type { Schedule } from '../../core/schedule.ts'
import type { Stream } from '../../core/seed.ts'
import type { MenuContext, Place } from '../fault-menu.ts'

/** What strategies know: the fault-free run, and what other runs have shown since. */
export interface Knowledge {
  readonly base: Schedule
  readonly menu: MenuContext
  /** Named events of the fault-free run, in order. */
  readonly calm: readonly Place[]
  /** Named events of this and later runs, each name once. */
  readonly seen: readonly Place[]
}

export interface Strategy {
  readonly name: string
  /** The next schedule, or null when it has nothing left to try. All chance comes from `random`. */
  next(random: Stream, knowledge: Knowledge): Schedule | null
}

/** A schedule with the base's workload and a seed of its own, so that latencies differ from run to run. */
export function freshSeed(random: Stream, { base }: Knowledge): Schedule {
  return { ...base, seed: `${base.seed}/${random.bits32().toString(36)}` }
}
