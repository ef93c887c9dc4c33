import type { ExpectedAssertion } from './assertion.ts'

/** The closed list of anomalies. See `properties/README.md` for one paragraph on each. */
export const PROPERTY_NAMES = [
  'lost-record',
  'duplicate-effect',
  'out-of-order',
  'commit-ahead',
  'commit-regression',
  'commit-unowned',
  'two-owners',
  'zombie-effect',
  'position-jump',
  'wrong-resume',
  'aborted-read',
  'torn-transaction',
  'stuck-partition',
  'dead-consumer',
  'rebalance-storm',
  'hot-loop',
  'shutdown-hang',
  'unbounded-buffer',
  'dead-letter-lost',
  'crashes-unprovoked',
  'assertion-failed',
  'invariant-broken',
  'measure-exceeded',
] as const
export type PropertyName = (typeof PROPERTY_NAMES)[number]

/** An anomaly that was seen. Whether it is forbidden is the guarantee's business. */
export interface Finding {
  readonly property: PropertyName
  /**
   * One sentence in domain words, with no virtual times: the same defect gives the same sentence.
   */
  readonly message: string
  /**
   * Sequence numbers of the events that prove it, ascending; the last one is where it became
   * certain.
   */
  readonly events: readonly number[]
  readonly about?: About
}

/** The subject of a finding as data: its message says the same in words. */
export interface About {
  readonly group?: string
  /** Names of records, in order. */
  readonly records?: readonly string[]
  /** Processes that did it, in the order in which they did. */
  readonly processes?: readonly string[]
}

export type PropertyOutcome =
  | { readonly outcome: 'held' }
  | { readonly outcome: 'violated'; readonly findings: readonly Finding[] }
  /** The checker could not say: it threw, or the run ended before it could. Never a pass. */
  | { readonly outcome: 'undecided'; readonly reason: string }

/**
 * `properties` says for each property that was checked what came of it. `violations` are the
 * findings that the guarantee forbids, `notes` those that it allows.
 */
export interface Verdict {
  readonly verdict: 'held' | 'violated' | 'undecided'
  /**
   * The run needed what a service of the scenario can't show, and was ended there: it says nothing.
   */
  readonly beyond?: string
  /** The run's figures, where the scenario asks for `measures`. */
  readonly measured?: Measured
  /** Assertions of the app that some schedule must see come true, and whether this one did. */
  readonly assertions?: readonly (ExpectedAssertion & { readonly met: boolean })[]
  readonly properties: Readonly<Partial<Record<PropertyName, PropertyOutcome>>>
  readonly violations: readonly Finding[]
  readonly notes: readonly Finding[]
}

/** The highest values of a run, or of all runs of a check. */
export interface Measured {
  /** Records of a partition from the first on that a group has yet to complete. */
  readonly lagMax: number
  /** Duplicate effects after the beginning of one fault, up to that of the next. */
  readonly duplicatesMax: number
  /** Virtual milliseconds in which a group that had something to do did not come forward. */
  readonly stoppedMsMax: number
  /** Virtual milliseconds from a fault's end until all that was there then was done. */
  readonly recoveryMsMax: number
}

export const MEASURES = ['lagMax', 'duplicatesMax', 'stoppedMsMax', 'recoveryMsMax'] as const
