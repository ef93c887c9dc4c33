import type { PropertyName } from './verdict.ts'

/** A user's claim about a consumer, as plain data; `properties/` knows what each model forbids. */
export interface Guarantee {
  readonly model: 'at-least-once' | 'at-most-once' | 'exactly-once'
  readonly options: GuaranteeOptions
}

export interface GuaranteeOptions {
  /** In which order effects complete; default `none`: no claim. */
  readonly order?: 'partition' | 'key' | 'none'
  /** Most records that a process may have taken and not finished at any time. */
  readonly inFlightMax?: number
  /** Topic that gets the records which were given up; such a record is not lost. */
  readonly deadLetter?: string
  /** Anomalies that a model only notes (commit-regression, commit-unowned …) are forbidden too. */
  readonly strict?: boolean
  /**
   * Anomalies that are allowed although the model forbids them, for example while a finding is
   * being mended.
   */
  readonly allow?: readonly PropertyName[]
  /**
   * Output topics: exactly-once is then judged by what a read_committed observer sees there, not by
   * effects.
   */
  readonly outputs?: readonly string[]
  /**
   * Effects of one record that are different things, by the labels that they are reported with,
   * e.g. `['charged', 'mailed']`. Default: what the app does in a run without faults; labels that
   * are not named here are one effect.
   */
  readonly labels?: readonly string[]
  /**
   * A graceful shutdown ends within this many virtual milliseconds, also while brokers, links or
   * services are away. Default: 180,000 (kafkajs may wait for a rebalance), and more while anything
   * is away.
   */
  readonly shutdownMs?: number
  /**
   * After all faults have healed, lag reaches 0 within this many virtual milliseconds; default
   * 600,000.
   */
  readonly drainMs?: number
}
