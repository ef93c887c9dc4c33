import type { ClientTimings } from '../core/client-timings.ts'

/** How long faults and holds last, in milliseconds: values around what the app's client takes for long. */
export interface FaultValues {
  readonly restartMs: readonly number[]
  readonly pauseMs: readonly number[]
  readonly slowMs: readonly number[]
  readonly delayMs: readonly number[]
  readonly cutMs: readonly number[]
  readonly latencyMs: readonly number[]
  readonly refuseMs: number
  readonly throttleMs: readonly number[]
  readonly downMs: readonly number[]
  readonly lagMs: readonly number[]
  readonly cutOffMs: readonly number[]
  /** A hold reorders and breaks nothing: all are shorter than any timeout, a heartbeat's interval included. */
  readonly holdMs: readonly [number, number, number, number]
}

const RETRIES_STEP_MS = 5_000

/**
 * Values on both sides of each threshold: below and above a heartbeat's interval, a request's timeout, the client's
 * retries, a session, a rebalance. The first of each list is the one that a sweep begins with. Two thresholds that are
 * the same in this client give one value.
 */
export function faultValues(timings: ClientTimings): FaultValues {
  const { sessionTimeoutMs, rebalanceTimeoutMs, heartbeatIntervalMs, requestTimeoutMs, retriesMs } = timings
  const expelledMs = sessionTimeoutMs + 10_000
  const longExpelledMs = sessionTimeoutMs * 1.5
  const heartbeatMissedMs = heartbeatIntervalMs + 2_000
  const givenUpMs = requestTimeoutMs + 5_000
  const leftBehindMs = rebalanceTimeoutMs + 10_000
  const retriedInVainMs = Math.ceil(retriesMs / RETRIES_STEP_MS) * RETRIES_STEP_MS
  return {
    restartMs: [1_000, 100, expelledMs],
    pauseMs: [longExpelledMs, heartbeatMissedMs, rebalanceTimeoutMs + 40_000],
    slowMs: [expelledMs, heartbeatIntervalMs + 1_000, leftBehindMs],
    delayMs: different(heartbeatMissedMs, 500, givenUpMs, sessionTimeoutMs + 5_000),
    cutMs: different(givenUpMs, heartbeatIntervalMs - 1_000, leftBehindMs, sessionTimeoutMs + 5_000),
    latencyMs: [500, heartbeatMissedMs],
    refuseMs: retriedInVainMs,
    throttleMs: [3 * heartbeatIntervalMs + 1_000, 1_000, expelledMs],
    downMs: [retriedInVainMs, longExpelledMs],
    // Longer and shorter than a broker's `replica.lag.time.max.ms` (30 s), whatever the client.
    lagMs: [45_000, 5_000],
    // Longer than a session, longer than a broker's with its controller (9 s), and shorter.
    cutOffMs: different(longExpelledMs, 20_000, 5_000),
    holdMs: [5, 50, 500, heartbeatIntervalMs - 1_000],
  }
}

function different(...valuesMs: readonly number[]): readonly number[] {
  return [...new Set(valuesMs)]
}
