import { UsageError } from '../../core/errors.ts'
import type { Stream } from '../../core/seed.ts'
import { Deviations } from './deviations.ts'
import { Pct } from './pct.ts'
import { Random } from './random.ts'
import type { Knowledge, Strategy } from './strategy.interface.ts'
import { Swarm } from './swarm.ts'
import { Sweep } from './sweep.ts'

export const STRATEGY_NAMES = ['portfolio', 'sweep', 'random', 'pct', 'swarm', 'deviations'] as const
export type StrategyName = (typeof STRATEGY_NAMES)[number]

/** Whose turn it is: of twelve runs, four sweep. */
const TURNS = [
  'sweep',
  'random',
  'swarm',
  'sweep',
  'pct',
  'random',
  'sweep',
  'swarm',
  'deviations',
  'sweep',
  'random',
  'pct',
] as const

/** Several strategies in a fixed turn; who has nothing left passes. */
export class Portfolio {
  readonly sweep = new Sweep()
  readonly #strategies: ReadonlyMap<string, Strategy>
  readonly #turns: readonly string[]
  #turn = 0

  /** @throws UsageError for a name that is none of STRATEGY_NAMES */
  constructor(name: string) {
    if (!(STRATEGY_NAMES as readonly string[]).includes(name)) {
      throw new UsageError(
        'unknown-option',
        `there is no strategy '${name}'; choose one of ${STRATEGY_NAMES.join(', ')}`,
      )
    }
    const all = [this.sweep, new Random(), new Pct(), new Swarm(), new Deviations()]
    this.#strategies = new Map(all.map((strategy) => [strategy.name, strategy]))
    this.#turns = name === 'portfolio' ? TURNS : [name]
  }

  next(
    random: Stream,
    knowledge: Knowledge,
  ): { strategy: string; schedule: NonNullable<ReturnType<Strategy['next']>> } | null {
    for (let attempt = 0; attempt < this.#turns.length; attempt += 1) {
      const name = this.#turns[this.#turn++ % this.#turns.length] ?? ''
      const schedule = this.#strategies.get(name)?.next(random, knowledge)
      if (schedule != null) return { strategy: name, schedule }
    }
    return null
  }
}
