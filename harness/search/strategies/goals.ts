import type { Fault } from '../../core/fault.ts'
import type { Schedule } from '../../core/schedule.ts'
import type { Knowledge } from '../knowledge.ts'
import type { LearntRun } from '../learnt-run.ts'
import { drawFault, extended, several } from './draw.ts'
import { handOvers } from './hand-overs.ts'
import { paced } from './paced.ts'
import type { Strategy } from './strategy.interface.ts'

/** Of this many turns one draws faults behind a goal by chance, the others follow the plan. */
const CHANCE_ONE_IN = 3
/** How many faults chance draws at most. */
const FAULTS_MAX = 2

/**
 * Goes on from the first runs in which the app's own goals came true (`sometimes`, `reachable`):
 * what the app calls worth seeing is a state in which another fault shows more. Behind the goal
 * come the hand-overs, after each sort of event of each process, in the run that reached it and in
 * one whose records come later and later; of three schedules one has any faults there, by chance.
 */
export const goals: Strategy = {
  name: 'goals',
  followsUp: true,
  planned: () => 0,
  has: (turn, knowledge) => planOf(knowledge).at(turn) !== null,
  next({ turn, random, knowledge }) {
    const step = planOf(knowledge).at(turn)
    if (step === null || 'schedule' in step) return step?.schedule ?? null
    const { run, fault } = step
    const count = fault === null ? random.between(1, FAULTS_MAX) : 1
    const faults = several(count, () => fault ?? drawFault(random, run))
    return extended(run.schedule, { faults })
  },
}

const plans = new WeakMap<Knowledge, GoalPlan>()

function planOf(knowledge: Knowledge): GoalPlan {
  const known = plans.get(knowledge)
  if (known !== undefined) return known
  const made = new GoalPlan(knowledge)
  plans.set(knowledge, made)
  return made
}

/** A run that reached a goal, and the hand-overs behind it that are not tried yet. */
interface GoalGround {
  readonly run: LearntRun
  readonly faults: readonly Fault[]
  next: number
  /** How many turns chance has had. */
  drawn: number
}

/** One turn: a schedule as it is, or a fault behind a goal; null: one drawn by chance. */
type GoalStep = { readonly schedule: Schedule } | { readonly run: LearntRun; readonly fault: Fault | null }

/** The step of each turn, fixed when it is first asked for. */
class GoalPlan {
  readonly #knowledge: Knowledge
  readonly #steps: GoalStep[] = []
  /** The newest first. */
  readonly #grounds: GoalGround[] = []
  readonly #seen: Set<LearntRun> = new Set()
  /** Schedules that reach a goal with records that come later and later, to be run. */
  readonly #waiting: Schedule[] = []

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge
  }

  at(turn: number): GoalStep | null {
    while (this.#steps.length <= turn) {
      const step = this.#make(this.#steps.length)
      if (step === null) return null
      this.#steps.push(step)
    }
    return this.#steps[turn] ?? null
  }

  #make(turn: number): GoalStep | null {
    this.#learn()
    const schedule = this.#waiting.shift()
    if (schedule !== undefined) return { schedule }
    const left = this.#grounds.filter(({ next, faults }) => next < faults.length)
    const byChance = turn % CHANCE_ONE_IN === 0 || left.length === 0
    const [first, ...others] = byChance ? this.#grounds : left
    if (first === undefined) return null
    if (byChance) {
      const chosen = others.reduce((least, each) => (each.drawn < least.drawn ? each : least), first)
      chosen.drawn += 1
      return { run: chosen.run, fault: null }
    }
    const chosen = others.reduce((least, each) => (each.next < least.next ? each : least), first)
    const fault = chosen.faults[chosen.next] ?? null
    chosen.next += 1
    return { run: chosen.run, fault }
  }

  #learn(): void {
    for (const [goal, run] of this.#knowledge.goals) {
      if (!this.#seen.has(run)) {
        this.#add(run)
        const slower = paced(run.schedule)
        if (slower !== run.schedule) this.#waiting.push(this.#knowledge.want(slower, goal))
      }
      const slow = this.#knowledge.kept(goal)
      // Where records come late, it may not be reached.
      if (slow !== undefined && slow.from !== null && !this.#seen.has(slow)) this.#add(slow)
    }
  }

  #add(run: LearntRun): void {
    this.#seen.add(run)
    this.#grounds.unshift({
      run,
      faults: handOvers(run, { astray: null, struckUntil: 0 }),
      next: 0,
      drawn: 0,
    })
  }
}
