/**
 * How long a client library waits for what, where the app sets nothing: what is long and what is
 * short to it. In milliseconds.
 */
export interface ClientTimings {
  /** Time without a heartbeat after which a member is expelled (`session.timeout.ms`). */
  readonly sessionTimeoutMs: number
  /** Time that a group waits for its members to join again (`rebalance.timeout.ms`). */
  readonly rebalanceTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** A request without an answer is given up. */
  readonly requestTimeoutMs: number
  /**
   * From the first attempt of a request to the last, where each fails at once; without what chance
   * adds.
   */
  readonly retriesMs: number
}
