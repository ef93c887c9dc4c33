import type { History } from '../core/history.ts'
import type { Knowledge } from './knowledge.ts'
import type { LearntFrom } from './learnt-run.ts'
import type { Trial } from './trial.ts'

/** One run of this many teaches the strategies its events. */
const LEARN_EVERY = 8
/** How many turns later it is known: as far ahead of what has ended may schedules be drawn. */
export const LEARNT_AFTER = 32

interface Lesson {
  /** The number of the first schedule that may be drawn with it. */
  readonly knownFrom: number
  readonly run: LearntFrom
  readonly isRecent: boolean
  /** The name under which it is kept, or null. */
  readonly keptAs: string | null
  /** Goals that it was the first to reach, as far as was known when it was drawn. */
  readonly goals: readonly string[]
}

/**
 * Lessons of runs, known to all schedules a fixed number of turns later: so neither the number of
 * workers nor their speed changes what is tried.
 */
export class Lessons {
  readonly #knowledge: Knowledge
  readonly #waiting: Lesson[] = []

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge
  }

  /** Whether the events of this schedule are wanted. */
  wants(number: number, schedule: Trial['schedule']): boolean {
    return isRecent(number) || this.#knowledge.wanted(schedule) !== null
  }

  add(
    number: number,
    { schedule }: Pick<Trial, 'schedule'>,
    history: History,
    goals: readonly string[] = [],
  ): void {
    this.#waiting.push({
      knownFrom: number + 1 + LEARNT_AFTER,
      run: { schedule, history },
      isRecent: isRecent(number),
      keptAs: this.#knowledge.wanted(schedule),
      goals,
    })
  }

  /** The number of the first schedule that may be drawn with more than is known; null: none is. */
  get nextFrom(): number | null {
    return this.#waiting[0]?.knownFrom ?? null
  }

  /** Learns all that the schedule of this number may be drawn with. */
  learnFor(number: number): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.knownFrom > number) return
      this.#waiting.shift()
      if (next.isRecent) this.#knowledge.learn(next.run)
      if (next.keptAs !== null) this.#knowledge.keep(next.keptAs, next.run)
      this.#knowledge.reach(next.goals, next.run)
    }
  }
}

function isRecent(number: number): boolean {
  return (number + 1) % LEARN_EVERY === 0
}
