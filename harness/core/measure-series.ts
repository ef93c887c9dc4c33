import type { Measured } from './verdict.ts'

/** A measure over the virtual time of one run: the run in which it was highest. */
export interface MeasureSeries {
  readonly measure: keyof Measured
  readonly highest: number
  /** Most that the scenario allows; null: it sets no limit. */
  readonly limit: number | null
  readonly lines: readonly MeasureLine[]
  /** The faults of that run, in the order in which they began. */
  readonly faults: readonly SeriesFault[]
}

/** One group at one partition, or one fault. */
export interface MeasureLine {
  /** `the group orders at orders/0`, or `crash consumer-0`. */
  readonly of: string
  /** Virtual milliseconds and the value then; straight lines join one point to the next. */
  readonly points: readonly MeasurePoint[]
}

export type MeasurePoint = readonly [atMs: number, value: number]

export interface SeriesFault {
  readonly fault: string
  readonly beginsMs: number
  /** Null: it acted at once, or until the end. */
  readonly endsMs: number | null
}
