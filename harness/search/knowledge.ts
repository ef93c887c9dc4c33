import type { Schedule, Workload } from '../core/schedule.ts'
import type { Stream } from '../core/seed.ts'
import type { Menu } from './fault-menu.ts'
import { type LearntFrom, LearntRun } from './learnt-run.ts'
import type { Shard } from './shard.ts'

const RECENT_MAX = 16

export interface KnowledgeOptions {
  readonly menu: Menu
  /** The fault-free run. */
  readonly calm: LearntFrom
  /** Another workload for another seed; null where it is always the same. */
  readonly drawWorkload: ((seed: string) => Workload) | null
  /** The part of the search that is done here; default: all. */
  readonly shard?: Shard | undefined
}

/**
 * The knowledge of strategies: the fault-free run, and the events that the last runs have shown
 * since.
 */
export class Knowledge {
  readonly base: Schedule
  readonly calm: LearntRun
  readonly drawWorkload: KnowledgeOptions['drawWorkload']
  readonly shard: Shard | undefined
  readonly #menu: Menu
  readonly #recent: LearntRun[] = []
  readonly #wanted: WeakMap<Schedule, string> = new WeakMap()
  readonly #kept: Map<string, LearntRun> = new Map()
  #learnt = 0

  constructor({ menu, calm, drawWorkload, shard }: KnowledgeOptions) {
    this.shard = shard
    this.#menu = menu
    this.base = calm.schedule
    this.calm = new LearntRun(calm, menu)
    this.drawWorkload = drawWorkload
  }

  learn(run: LearntFrom): void {
    this.#recent[this.#learnt % RECENT_MAX] = new LearntRun(run, this.#menu)
    this.#learnt += 1
  }

  /** The run of this schedule is to be kept under this name. */
  want(schedule: Schedule, name: string): Schedule {
    this.#wanted.set(schedule, name)
    return schedule
  }

  /** The name under which the run of this schedule is to be kept, or null. */
  wanted(schedule: Schedule): string | null {
    return this.#wanted.get(schedule) ?? null
  }

  keep(name: string, run: LearntFrom): void {
    this.#kept.set(name, new LearntRun(run, this.#menu))
  }

  kept(name: string): LearntRun | undefined {
    return this.#kept.get(name)
  }

  /** One of the last runs, the fault-free one among them, with at most so many faults. */
  recent(random: Stream, faultsMax: number): LearntRun {
    const index = random.below(this.#recent.length + 1)
    const run = this.#recent[index] ?? this.calm
    return run.schedule.faults.length <= faultsMax ? run : this.calm
  }
}
