import type { Guarantee } from './guarantee.ts'
import type { HistoryEvent } from './history.ts'
import type { Workload } from './schedule.ts'
import type { Finding, PropertyName } from './verdict.ts'

/** What a checker may know beside the history itself. All of it is part of the run's input. */
export interface Setting {
  readonly guarantee: Guarantee
  readonly workload: Workload
  /**
   * `handler`: the app reports no effects, so that a handler which ended without error is the effect (the
   * recorder then writes `effect` events with `via: 'handler'`); `reported`: the app calls `context.effects` or
   * `tx.effect`.
   */
  readonly effects: 'handler' | 'reported'
  /** Topics that the consumers under test subscribe to; other topics (outputs, dead letters) are not consumed. */
  readonly consumed: readonly string[]
}

/**
 * One fold over one history. `observe` is O(1) for each event and returns a finding the moment that it is certain
 * (online); `finish` is called once, after the drain, for what can only be said at the end. A checker reports
 * each distinct anomaly once. It never sees anything but events: the same checker judges a real cluster.
 */
export interface Checker {
  observe(event: HistoryEvent): Finding | null
  finish(): readonly Finding[]
}

export interface Property {
  readonly name: PropertyName
  /** `online`: findings come from `observe`; `end`: from `finish`. */
  readonly when: 'online' | 'end'
  check(setting: Setting): Checker
}
