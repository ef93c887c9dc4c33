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
  /** Longer than each time after which something expires that the app relies on, ascending. */
  readonly outlastingMs: readonly number[]
}

const RETRIES_STEP_MS = 5_000
const SECOND_MS = 1_000

export function durationsOf(timings: ClientTimings, expiriesMs: readonly number[] = []): Durations {
  const { sessionTimeoutMs, rebalanceTimeoutMs, heartbeatIntervalMs, requestTimeoutMs, retriesMs } = timings
  return {
    timings,
    expelledMs: sessionTimeoutMs + 10_000,
    longExpelledMs: sessionTimeoutMs * 1.5,
    heartbeatMissedMs: heartbeatIntervalMs + 2_000,
    givenUpMs: requestTimeoutMs + 5_000,
    leftBehindMs: rebalanceTimeoutMs + 10_000,
    retriedInVainMs: Math.ceil(retriesMs / RETRIES_STEP_MS) * RETRIES_STEP_MS,
    outlastingMs: expiriesMs.map((each) => Math.ceil((each + each / 10) / SECOND_MS) * SECOND_MS),
  }
}

/** Two thresholds that are the same in this client give one value. */
export function different(...valuesMs: readonly number[]): readonly number[] {
  return [...new Set(valuesMs)]
}

/**
 * How long a process is gone: shortly, hardly, and longer than its session, or than what it relies
 * on.
 */
export function restarts({ expelledMs, outlastingMs }: Durations): readonly number[] {
  return different(1_000, 100, expelledMs, ...outlastingMs)
}

/** How late a message is: later than a heartbeat, a little, given up, expelled. */
export function delays({ timings, heartbeatMissedMs, givenUpMs }: Durations): readonly number[] {
  return different(heartbeatMissedMs, 500, givenUpMs, timings.sessionTimeoutMs + 5_000)
}

/**
 * How long a part of the cluster is away: longer than the client's retries, longer than its
 * session, and longer than what the app relies on.
 */
export function outages({ retriedInVainMs, longExpelledMs, outlastingMs }: Durations): readonly number[] {
  return [retriedInVainMs, longExpelledMs, ...outlastingMs]
}
