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
  readonly properties: Readonly<Partial<Record<PropertyName, PropertyOutcome>>>
  readonly violations: readonly Finding[]
  readonly notes: readonly Finding[]
}
