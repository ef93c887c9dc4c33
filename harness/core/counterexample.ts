import type { Schedule } from './schedule.ts'
import type { StoryLine } from './story.ts'
import type { Finding } from './verdict.ts'

/** Raised whenever the file's shape or the meaning of a schedule changes. */
export const COUNTEREXAMPLE_VERSION = 1

/**
 * A replay file: the schedule itself (never a generator's seed, which changes its meaning when the
 * generator does), what it showed, and what it was shown with.
 */
export interface Counterexample {
  readonly version: typeof COUNTEREXAMPLE_VERSION
  readonly scenario: {
    readonly name: string /** Relative to the counterexample's folder. */
    readonly file: string
  }
  readonly schedule: Schedule
  readonly violation: Finding
  /** SHA-256 of the printed history, in hex. */
  readonly historyHash: string
  readonly explanation: Explanation
  readonly made: {
    readonly harness: string
    readonly node: string
    /** Name and version of the client library under test, e.g. `kafkajs 2.2.4`. */
    readonly client: string
    /** Of all processes, and of each replay; older files have none. */
    readonly timeZone?: string | undefined
    readonly locale?: string | undefined
    /** Products behind its services, by the names of these: `PostgreSQL 15.18`. */
    readonly services?: Readonly<Record<string, string>> | undefined
  }
}

export interface Explanation {
  /** One sentence that names the cause. */
  readonly sentence: string
  /** The shortest story, one line an event that matters. */
  readonly story: readonly StoryLine[]
  /** For each fault of the schedule, whether the violation needs it. */
  readonly necessary: readonly { readonly fault: string; readonly needed: boolean }[]
  /**
   * The fault, in words, from which on every timing that was tried fails too; `the start` where
   * that takes no fault; null where some timing passes with all of them.
   */
  readonly inevitableFrom: string | null
  /**
   * How the run could have gone on from its start and from each step of the story, up to the steps
   * from which it never went well. Older files have none.
   */
  readonly continuations?: readonly Continuation[]
}

/**
 * Runs that are the same up to a step of the story, and go on in another way: without a further
 * fault, and with other latencies.
 */
export interface Continuation {
  /** From 1, as the story's lines are numbered; 0: the start of the run. */
  readonly step: number
  /** How many of them violated the same property. */
  readonly failed: number
  readonly of: number
}
