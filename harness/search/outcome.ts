import type { Coverage } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding, Measured } from '../core/verdict.ts'
import type { RunResult } from '../run/run.interface.ts'
import type { KnownTried } from './known.ts'
import type { Difference } from './self-check.ts'
import type { Shrunk } from './shrink.ts'

export interface Searched {
  readonly runs: number
  /** Wall time of the search without shrinking. */
  readonly durationMs: number
  /** Findings that the guarantee allows, the first of each property. */
  readonly notes: readonly Finding[]
  readonly coverage: Coverage
  /** The schedule that each measure was highest in, where the scenario asks for `measures`. */
  readonly highestIn: ReadonlyMap<keyof Measured, Schedule>
  /** The signal or the time ended it before all runs were done. */
  readonly interrupted: boolean
  /** The results of the schedules that were known to fail, as far as they were tried. */
  readonly knownTried: readonly KnownTried[]
}

/** One defect, as the schedule that shows it. */
export interface FoundDefect {
  /** `known` where the schedule was known before. */
  readonly strategy: string
  /** Runs up to and including the one that failed; those of known schedules are not counted. */
  readonly foundAfterRuns: number
  /** The schedule as it was found, before shrinking. */
  readonly schedule: Schedule
  readonly result: RunResult
  /** The pinned finding, as the shrunk schedule shows it. */
  readonly finding: Finding
  readonly shrunk: Shrunk
  /** The cause, in words without names and numbers: one defect has one. */
  readonly cause: string
  /** Its position among the known schedules, or null. */
  readonly known: number | null
}

/** The worst finding, and those of other causes. */
export interface FoundDefects extends FoundDefect {
  readonly others: readonly FoundDefect[]
  /** Why the search ended before it had as many as were asked for; null: nothing went wrong. */
  readonly cutShort: string | null
}

export type SearchOutcome =
  | (Searched & { readonly outcome: 'held' })
  | (Searched & FoundDefects & { readonly outcome: 'violated' })
  | (Searched & { readonly outcome: 'undecided'; readonly reason: string })
  /** One schedule gave two histories: a defect of the harness, or something outside its control. */
  | (Searched & {
      readonly outcome: 'nondeterministic'
      readonly schedule: Schedule
      /** In one sentence. */
      readonly difference: string
      readonly firstDifference: Difference
    })
