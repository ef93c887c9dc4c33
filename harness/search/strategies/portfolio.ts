import { UsageError } from '../../core/errors.ts'
import type { Stream } from '../../core/seed.ts'
import type { Knowledge } from '../knowledge.ts'
import type { Shard } from '../shard.ts'
import { deviations } from './deviations.ts'
import { goals } from './goals.ts'
import { pairs } from './pairs.ts'
import { pct } from './pct.ts'
import { random } from './random.ts'
import type { Strategy } from './strategy.interface.ts'
import { swarm } from './swarm.ts'
import { sweep } from './sweep.ts'

export const STRATEGY_NAMES = ['portfolio', 'sweep', 'pairs', 'random', 'pct', 'swarm', 'deviations'] as const

/** The strategy of each second turn: of twelve, four sweep. */
const OTHERS: readonly Strategy[] = [
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

/** At first two turns of three are those of the pairs, later one of three. */
const MIDDLE: readonly Strategy[] = OTHERS.flatMap((strategy) => [pairs, pairs, strategy])
const MIDDLE_UNTIL = 500
const TURNS: readonly Strategy[] = [0, 2, 4, 6, 8, 10].flatMap((at) => [pairs, ...OTHERS.slice(at, at + 2)])

/**
 * The first turns go to the sweep: a plain fault of any kind is tried before chance looks for
 * combinations.
 */
const EARLY_ROUNDS: readonly Strategy[] = [pairs, deviations, deviations, sweep]
const EARLY: readonly Strategy[] = EARLY_ROUNDS.flatMap((last) => [
  ...[sweep, random, sweep, sweep],
  ...[sweep, swarm, sweep, sweep],
  ...[sweep, pct, sweep, sweep],
  ...[sweep, last, sweep, sweep],
])
const EARLY_TURNS = EARLY.length

/** Once a run has reached a goal of the app's, of this many schedules one goes on from there. */
const GOAL_ONE_IN = 3
/** So many for each goal; afterwards they come half as often. */
const GOAL_TURNS = 32

/** One schedule to be drawn: the strategy's own turn, counted from 0. */
export interface PlannedTurn {
  readonly strategy: Strategy
  readonly turn: number
}

/** Several strategies in a fixed turn; those that have nothing to try pass. */
export class Portfolio {
  readonly #early: readonly Strategy[]
  readonly #middle: readonly Strategy[]
  readonly #turns: readonly [Strategy, ...Strategy[]]
  readonly #done: Map<string, number> = new Map()
  readonly #followsGoals: boolean
  readonly #shard: Shard
  #turn = 0
  /** Schedules since the last that went on from a goal. */
  #sinceGoal = 0

  /**
   * @param shard the part of a search whose turns they are; default: all
   * @throws UsageError for a name that is none of STRATEGY_NAMES
   */
  constructor(name: string, shard: Shard = { index: 1, of: 1 }) {
    this.#shard = shard
    const [first, ...others] =
      name === 'portfolio' ? TURNS : TURNS.filter((strategy) => strategy.name === name).slice(0, 1)
    if (first === undefined) {
      throw new UsageError(
        'unknown-option',
        `there is no strategy '${name}'; choose one of ${STRATEGY_NAMES.join(', ')}`,
      )
    }
    this.#turns = [first, ...others]
    this.#followsGoals = name === 'portfolio'
    this.#early = name === 'portfolio' ? EARLY : this.#turns
    this.#middle = name === 'portfolio' ? MIDDLE : this.#turns
  }

  /** Schedules that the strategy of this name has been asked for so far. */
  done(name: string): number {
    return this.#done.get(name) ?? 0
  }

  /** The next turn of this part of the search; null where no strategy has anything left to try. */
  next(knowledge: Knowledge): PlannedTurn | null {
    const since = this.#sinceGoal + 1
    if (this.#goalIsDue(since, knowledge)) {
      this.#sinceGoal = 0
      return this.#planned(goals)
    }
    const before = this.#turn
    for (let attempt = 0; attempt < this.#turns.length; attempt += 1) {
      const strategies = this.#strategiesAt(this.#turn)
      const strategy = strategies[this.#turn % strategies.length] ?? this.#turns[0]
      this.#turn += 1
      if (!strategy.has(this.#turnOf(strategy), knowledge)) continue
      this.#sinceGoal = since
      return this.#planned(strategy)
    }
    // However often it is asked in vain.
    this.#turn = before
    return null
  }

  #goalIsDue(since: number, knowledge: Knowledge): boolean {
    const done = this.done(goals.name)
    const rounds = done < GOAL_TURNS * knowledge.goals.size ? 1 : 2
    return this.#followsGoals && since >= GOAL_ONE_IN * rounds && goals.has(done, knowledge)
  }

  #planned(strategy: Strategy): PlannedTurn {
    const turn = this.#turnOf(strategy)
    this.#done.set(strategy.name, this.done(strategy.name) + 1)
    return { strategy, turn }
  }

  /** Of a plan that all parts have in common, each part does every so many turns. */
  #turnOf({ name, followsUp }: Strategy): number {
    const { index, of } = this.#shard
    return followsUp === true ? this.done(name) : this.done(name) * of + index - 1
  }

  /** By turns of all parts: together they begin as one search does. */
  #strategiesAt(ownTurn: number): readonly Strategy[] {
    const turn = ownTurn * this.#shard.of
    if (turn < EARLY_TURNS) return this.#early
    return turn < MIDDLE_UNTIL ? this.#middle : this.#turns
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
