/** Defaults of a replay on a real cluster. */
export const RELEASE_DEFAULT = '4.1.0'
export const TIMES_DEFAULT = 10
/** Of what a check has just found. */
export const CONFIRM_TIMES_DEFAULT = 3

export interface ReplayOnRealOptions {
  /** How many times; default 10. */
  readonly times?: number
  /** `local`, or `brokers=host:port`; default: what can be had here. */
  readonly provider?: string
  /** The Kafka release; default `4.1.0`. */
  readonly release?: string
  /**
   * Shorter sessions, where the schedule means the same with them, and shorter waits; default true.
   */
  readonly hurry?: boolean
}
