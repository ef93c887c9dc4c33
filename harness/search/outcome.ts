import type { Coverage } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding } from '../core/verdict.ts'
import type { RunResult } from '../run/run.interface.ts'
import type { Difference } from './self-check.ts'
import type { Shrunk } from './shrink.ts'

export interface Searched {
  readonly runs: number
  /** Wall time of the search without shrinking. */
  readonly durationMs: number
  /** Findings that the guarantee allows, the first of each property. */
  readonly notes: readonly Finding[]
  readonly coverage: Coverage
  /** The signal or the time ended it before all runs were done. */
  readonly interrupted: boolean
}

export type SearchOutcome =
  | (Searched & { readonly outcome: 'held' })
  | (Searched & {
      readonly outcome: 'violated'
      readonly strategy: string
      /** Runs up to and including the first that failed. */
      readonly foundAfterRuns: number
      /** As it was found. */
      readonly schedule: Schedule
      readonly result: RunResult
      /** The pinned finding, as the shrunk schedule shows it. */
      readonly finding: Finding
      readonly shrunk: Shrunk
    })
  | (Searched & { readonly outcome: 'undecided'; readonly reason: string })
  /** One schedule gave two histories: a defect of the harness, or something outside its control. */
  | (Searched & {
      readonly outcome: 'nondeterministic'
      readonly schedule: Schedule
      /** In one sentence. */
      readonly difference: string
      readonly firstDifference: Difference
    })
