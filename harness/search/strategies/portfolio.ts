import { UsageError } from '../../core/errors.ts'
import type { Schedule } from '../../core/schedule.ts'
import type { Stream } from '../../core/seed.ts'
import type { Knowledge } from '../knowledge.ts'
import { deviations } from './deviations.ts'
import { pct } from './pct.ts'
import { random } from './random.ts'
import type { Strategy } from './strategy.interface.ts'
import { swarm } from './swarm.ts'
import { sweep } from './sweep.ts'

export const STRATEGY_NAMES = ['portfolio', 'sweep', 'random', 'pct', 'swarm', 'deviations'] as const
export type StrategyName = (typeof STRATEGY_NAMES)[number]

/** Whose turn it is: of twelve runs, four sweep. */
const TURNS: readonly Strategy[] = [
  sweep,
  random,
  swarm,
  sweep,
  pct,
  random,
  sweep,
  swarm,
  deviations,
  sweep,
  random,
  pct,
]

export interface Drawn {
  readonly strategy: string
  readonly schedule: Schedule
}

/** Several strategies in a fixed turn; who has nothing left passes. */
export class Portfolio {
  readonly #turns: readonly Strategy[]
  readonly #done: Map<string, number> = new Map()
  #turn = 0

  /** @throws UsageError for a name that is none of STRATEGY_NAMES */
  constructor(name: string) {
    if (!(STRATEGY_NAMES as readonly string[]).includes(name)) {
      throw new UsageError(
        'unknown-option',
        `there is no strategy '${name}'; choose one of ${STRATEGY_NAMES.join(', ')}`,
      )
    }
    this.#turns =
      name === 'portfolio' ? TURNS : TURNS.filter((strategy) => strategy.name === name).slice(0, 1)
  }

  /** Schedules that the strategy of this name has given so far. */
  done(name: string): number {
    return this.#done.get(name) ?? 0
  }

  next(random: Stream, knowledge: Knowledge): Drawn | null {
    for (let attempt = 0; attempt < this.#turns.length; attempt += 1) {
      const strategy = this.#turns[this.#turn % this.#turns.length]
      this.#turn += 1
      if (strategy === undefined) return null
      const turn = this.done(strategy.name)
      const schedule = strategy.next({ turn, random, knowledge })
      if (schedule === null) continue
      this.#done.set(strategy.name, turn + 1)
      return { strategy: strategy.name, schedule }
    }
    return null
  }

  /** A schedule of any strategy at any of its turns: the same `random` gives the same, whatever was drawn before. */
  draw(random: Stream, knowledge: Knowledge): Drawn {
    const strategy = random.pick(this.#turns)
    // As many turns again for what chance adds when the plan is done.
    const turn = random.below(2 * strategy.planned(knowledge) + 1)
    const schedule = strategy.next({ turn, random, knowledge })
    return { strategy: strategy.name, schedule: schedule ?? knowledge.base }
  }
}
