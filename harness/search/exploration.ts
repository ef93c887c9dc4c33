import { createRandom } from '../core/random.ts'
import type { PreparedScenario } from '../run/run.interface.ts'
import { ScheduleArbitrary } from './arbitrary.ts'
import { newGoals } from './goals.ts'
import type { Knowledge } from './knowledge.ts'
import { LEARNT_AFTER, Lessons } from './lessons.ts'
import { isOwn, type Shard } from './shard.ts'
import type { PlannedTurn, Portfolio } from './strategies/portfolio.ts'
import type { Runner, Trial, Tried } from './trial.ts'

export interface ExplorationOptions {
  readonly prepared: PreparedScenario
  readonly knowledge: Knowledge
  readonly portfolio: Portfolio
  readonly runner: Runner
  readonly seed: string
  /** Numbers of schedules end before this one. */
  readonly runs: number
  readonly shard: Shard | undefined
  /** One run of this many is repeated to compare histories; 0: none. */
  readonly selfCheckEvery: number
  /** No more schedules are to be drawn. */
  stopped(): boolean
}

/** A schedule of a strategy, and what came of it. */
export interface Explored {
  readonly strategy: string
  readonly trial: Trial
  readonly tried: Tried
}

/** A schedule that was drawn, and is being run or waits for it. */
interface UnderwayRun {
  /** The fault-free run is 0. */
  readonly number: number
  readonly strategy: string
  readonly trial: Trial
  readonly tried: Promise<Tried>
}

/**
 * The schedules of a search behind the fault-free one: drawn in the order of their numbers, and
 * given in the same order, whichever run ended first. What a run teaches is known to all schedules
 * a fixed number of turns later: so neither the number of workers nor their speed changes what is
 * tried.
 */
export class Exploration {
  /** The strategies had nothing left before the runs were spent. */
  exhausted = false
  readonly #options: ExplorationOptions
  readonly #lessons: Lessons
  readonly #underway: UnderwayRun[] = []
  /** The number of the next schedule. */
  #drawn = 1

  constructor(options: ExplorationOptions) {
    this.#options = options
    this.#lessons = new Lessons(options.knowledge)
  }

  async *trials(): AsyncGenerator<Explored, void> {
    for (;;) {
      this.#draw()
      const first = this.#underway.shift()
      if (first === undefined) {
        // There may be more to try with what the last runs have shown.
        const { nextFrom } = this.#lessons
        const { runs } = this.#options
        if (nextFrom === null || nextFrom >= runs || this.#drawn >= runs || this.#options.stopped()) return
        this.#drawn = Math.max(this.#drawn, nextFrom)
        continue
      }
      const { number, strategy, trial } = first
      const tried = await first.tried
      yield { strategy, trial, tried }
      const goals = newGoals(tried.verdict, trial.reached)
      if ((trial.learn || goals.length > 0) && tried.history !== null)
        this.#lessons.add(number, trial, tried.history, goals)
    }
  }

  /** Draws as many ahead as there are workers for, and no further than lessons are late. */
  #draw(): void {
    const { runner, runs, shard, knowledge, portfolio } = this.#options
    // With one at a time nothing is drawn ahead, and nothing is thrown away.
    const ahead = runner.width === 1 ? 1 : 2 * runner.width
    while (this.#underway.length < ahead && this.#drawn < runs && !this.#options.stopped()) {
      const number = this.#drawn
      // Between two that are done here lie those that other parts of the search do.
      if (number - (this.#underway[0]?.number ?? number) > LEARNT_AFTER) return
      this.#lessons.learnFor(number)
      if (isOwn(number, shard)) {
        const planned = portfolio.next(knowledge)
        this.exhausted = planned === null
        if (planned === null) return
        this.#underway.push(this.#begin(planned, number))
      }
      this.#drawn += 1
    }
  }

  /**
   * Chance of each schedule comes from the seed and its number: it does not matter what was drawn
   * before.
   */
  #begin(turn: PlannedTurn, number: number): UnderwayRun {
    const { prepared, knowledge, portfolio, runner, seed, selfCheckEvery: every } = this.#options
    const source = { prepared, knowledge, portfolio, turn }
    const { value: schedule } = new ScheduleArbitrary(source).generate(createRandom(`${seed}/${number}`))
    const trial = {
      schedule,
      selfCheck: every > 0 && number % every === 0,
      learn: this.#lessons.wants(number, schedule),
      reached: knowledge.reached,
    }
    const tried = runner.try(trial)
    // It is looked at when its turn comes, or never.
    tried.catch(() => {})
    return { number, strategy: turn.strategy.name, trial, tried }
  }
}
