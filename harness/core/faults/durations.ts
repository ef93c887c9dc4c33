import type { ClientTimings } from '../client-timings.ts'

/** Durations on both sides of each threshold that the app's client has, in milliseconds. */
export interface Durations {
  readonly timings: ClientTimings
  /** The session is over. */
  readonly expelledMs: number
  readonly longExpelledMs: number
  readonly heartbeatMissedMs: number
  /** The client has given its request up. */
  readonly givenUpMs: number
  /** The group has not waited any longer. */
  readonly leftBehindMs: number
  /** The client has tried again as often as it does. */
  readonly retriedInVainMs: number
}

const RETRIES_STEP_MS = 5_000

export function durationsOf(timings: ClientTimings): Durations {
  const { sessionTimeoutMs, rebalanceTimeoutMs, heartbeatIntervalMs, requestTimeoutMs, retriesMs } = timings
  return {
    timings,
    expelledMs: sessionTimeoutMs + 10_000,
    longExpelledMs: sessionTimeoutMs * 1.5,
    heartbeatMissedMs: heartbeatIntervalMs + 2_000,
    givenUpMs: requestTimeoutMs + 5_000,
    leftBehindMs: rebalanceTimeoutMs + 10_000,
    retriedInVainMs: Math.ceil(retriesMs / RETRIES_STEP_MS) * RETRIES_STEP_MS,
  }
}

/** Two thresholds that are the same in this client give one value. */
export function different(...valuesMs: readonly number[]): readonly number[] {
  return [...new Set(valuesMs)]
}

/** How long a process is gone: shortly, hardly, and longer than its session. */
export function restarts({ expelledMs }: Durations): readonly number[] {
  return [1_000, 100, expelledMs]
}

/** How late a message is: later than a heartbeat, a little, given up, expelled. */
export function delays({ timings, heartbeatMissedMs, givenUpMs }: Durations): readonly number[] {
  return different(heartbeatMissedMs, 500, givenUpMs, timings.sessionTimeoutMs + 5_000)
}

/**
 * How long a part of the cluster is away: longer than the client's retries, and longer than its
 * session.
 */
export function outages({ retriedInVainMs, longExpelledMs }: Durations): readonly number[] {
  return [retriedInVainMs, longExpelledMs]
}
