import type { Schedule, Workload } from '../core/schedule.ts'
import type { Stream } from '../core/seed.ts'
import type { Menu } from './fault-menu.ts'
import { goalsOf } from './goals.ts'
import { type LearntFrom, LearntRun } from './learnt-run.ts'
import type { Shard } from './shard.ts'

const RECENT_MAX = 16
/** Each goal keeps a run; an app that makes its messages from data would have them without end. */
export const GOALS_MAX = 32

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
  /** Goals of the app's assertions that some run has reached. */
  readonly #reached: Set<string> = new Set()
  readonly #goals: Map<string, LearntRun> = new Map()
  #learnt = 0

  constructor({ menu, calm, drawWorkload, shard }: KnowledgeOptions) {
    this.shard = shard
    this.#menu = menu
    this.base = calm.schedule
    this.calm = new LearntRun(calm, menu)
    this.drawWorkload = drawWorkload
    for (const goal of goalsOf(calm.history).keys()) this.#reached.add(goal)
  }

  /**
   * Goals that some run has reached, the fault-free one included; null: no others are looked for.
   */
  get reached(): readonly string[] | null {
    return this.#goals.size < GOALS_MAX ? [...this.#reached] : null
  }

  /**
   * By goal the run that was the first to reach it, where the fault-free one does not, in the order
   * in which they became known: with the faults up to the goal, as ground for others behind it.
   */
  get goals(): ReadonlyMap<string, LearntRun> {
    return this.#goals
  }

  /** Keeps what leads to those of these goals that no run has reached before, of the first few. */
  reach(goals: readonly string[], { schedule, history }: LearntFrom): void {
    const seqs = goalsOf(history)
    for (const goal of goals) {
      const seq = seqs.get(goal)
      if (seq === undefined || this.#reached.has(goal) || this.#goals.size >= GOALS_MAX) continue
      this.#reached.add(goal)
      const begun = new Set(
        history.events.flatMap((event) => (event.kind === 'fault' && event.seq < seq ? [event.index] : [])),
      )
      const faults = schedule.faults.filter((_, index) => begun.has(index))
      const run = new LearntRun({ schedule: { ...schedule, faults }, history }, this.#menu, seq)
      if (run.places.some(({ event }) => event.seq > seq)) this.#goals.set(goal, run)
    }
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

  /** Where the name is that of a goal, faults come behind it. */
  keep(name: string, run: LearntFrom): void {
    this.#kept.set(name, new LearntRun(run, this.#menu, goalsOf(run.history).get(name)))
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
