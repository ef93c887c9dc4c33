import { UsageError } from '../../core/errors.ts'
import type { Stream } from '../../core/seed.ts'
import type { Knowledge } from '../knowledge.ts'
import { deviations } from './deviations.ts'
import { pct } from './pct.ts'
import { random } from './random.ts'
import type { Strategy } from './strategy.interface.ts'
import { swarm } from './swarm.ts'
import { sweep } from './sweep.ts'

export const STRATEGY_NAMES = ['portfolio', 'sweep', 'random', 'pct', 'swarm', 'deviations'] as const

/** The strategy of each turn: of twelve runs, four sweep. */
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

/**
 * The first turns go to the sweep: a plain fault of any kind is tried before chance looks for
 * combinations.
 */
const EARLY: readonly Strategy[] = [
  ...[sweep, random, sweep, sweep],
  ...[sweep, swarm, sweep, sweep],
  ...[sweep, pct, sweep, sweep],
  ...[sweep, deviations, sweep, sweep],
]
const EARLY_TURNS = 4 * EARLY.length

/** One schedule to be drawn: the strategy's own turn, counted from 0. */
export interface PlannedTurn {
  readonly strategy: Strategy
  readonly turn: number
}

/** Several strategies in a fixed turn; those that have nothing to try pass. */
export class Portfolio {
  readonly #early: readonly Strategy[]
  readonly #turns: readonly [Strategy, ...Strategy[]]
  readonly #done: Map<string, number> = new Map()
  #turn = 0

  /** @throws UsageError for a name that is none of STRATEGY_NAMES */
  constructor(name: string) {
    const [first, ...others] =
      name === 'portfolio' ? TURNS : TURNS.filter((strategy) => strategy.name === name).slice(0, 1)
    if (first === undefined) {
      throw new UsageError(
        'unknown-option',
        `there is no strategy '${name}'; choose one of ${STRATEGY_NAMES.join(', ')}`,
      )
    }
    this.#turns = [first, ...others]
    this.#early = name === 'portfolio' ? EARLY : this.#turns
  }

  /** Schedules that the strategy of this name has been asked for so far. */
  done(name: string): number {
    return this.#done.get(name) ?? 0
  }

  /** The next turn; null where no strategy has anything left to try. */
  next(knowledge: Knowledge): PlannedTurn | null {
    for (let attempt = 0; attempt < this.#turns.length; attempt += 1) {
      const strategies = this.#turn < EARLY_TURNS ? this.#early : this.#turns
      const strategy = strategies[this.#turn % strategies.length] ?? this.#turns[0]
      this.#turn += 1
      const turn = this.done(strategy.name)
      if (!strategy.has(turn, knowledge)) continue
      this.#done.set(strategy.name, turn + 1)
      return { strategy, turn }
    }
    return null
  }

  /**
   * Any strategy at any of its turns: the same `random` gives the same, whatever was drawn before.
   */
  any(random: Stream, knowledge: Knowledge): PlannedTurn {
    const strategy = random.pick(this.#turns)
    // As many turns again for what chance adds when the plan is done.
    return { strategy, turn: random.below(2 * strategy.planned(knowledge) + 1) }
  }
}
