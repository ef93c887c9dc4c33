import type { Schedule } from '../../core/schedule.ts'
import type { Stream } from '../../core/seed.ts'
import type { Knowledge } from '../knowledge.ts'

/**
 * One turn of a strategy: all chance comes from `random`, and `turn` counts its own schedules from
 * 0.
 */
export interface Turn {
  readonly turn: number
  readonly random: Stream
  readonly knowledge: Knowledge
}

/** Strategies keep no state of their own: the same turn gives the same schedule. */
export interface Strategy {
  readonly name: string
  /** Its turns build on runs of its own: each part of a search counts them for itself. */
  readonly followsUp?: true
  /** Turns that follow a plan before chance takes over; 0 where chance decides from the start. */
  planned(knowledge: Knowledge): number
  /** Whether there is anything to try at this turn. */
  has(turn: number, knowledge: Knowledge): boolean
  /** The schedule of this turn, or null where there is nothing to try. */
  next(turn: Turn): Schedule | null
}
