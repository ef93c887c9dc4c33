import type { Guarantee } from './guarantee.ts'
import type { HistoryEvent } from './history.ts'
import type { EffectsFrom, IdentityOf } from './scenario.ts'
import type { Workload } from './schedule.ts'
import type { Finding, Measured, PropertyName } from './verdict.ts'

/**
 * Facts that a checker may use beside the history itself. All of them are part of the run's input.
 */
export interface Setting {
  readonly guarantee: Guarantee
  readonly workload: Workload
  /**
   * `handlers`: a handler that ended without an error is the effect of its record (the run then
   * writes `effect` events with `via: 'handler'`); `reported`: effects are what the app calls
   * `context.effects` or `tx.effect` for.
   */
  readonly effects: EffectsFrom
  /**
   * `one`: the effects that different handler calls have for a record are the same effect, whatever
   * they are called; `labelled`: each label is an effect of its own. Default: `labelled`.
   */
  readonly effectsOfRecord?: 'one' | 'labelled'
  /** See `Scenario.measures`. */
  readonly measures?: Partial<Measured>
  /** See `Scenario.identity`. */
  readonly identity?: IdentityOf
  /**
   * Whether the schedule holds messages back, which breaks nothing but an app's own shortest
   * timeouts. Default: it does not.
   */
  readonly holds?: boolean
  /**
   * Topics that the consumers under test subscribe to; other topics (outputs, dead letters) are not
   * consumed.
   */
  readonly consumed: readonly string[]
}

/**
 * One fold over one history. `observe` is O(1) for each event and returns a finding the moment that
 * it is certain (online); `finish` is called once, after the drain, for what can only be said at
 * the end. A checker reports each distinct anomaly once. It never sees anything but events: the
 * same checker judges a real cluster.
 */
export interface Checker<Found = Finding> {
  observe(event: HistoryEvent): Found | null
  finish(): readonly Found[]
}

export interface Property {
  readonly name: PropertyName
  /** `online`: findings come from `observe`; `end`: from `finish`. */
  readonly when: 'online' | 'end'
  check(setting: Setting): Checker
}
