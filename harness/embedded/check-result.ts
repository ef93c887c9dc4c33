import type { PropertyName } from '../core/verdict.ts'

/** The result of `check`, as plain data. */
export interface CheckResult {
  /** The scenario's name. */
  readonly scenario: string
  /**
   * `cannot-be-checked`: the scenario or the app is at fault, and `report` says what to write;
   * `harness-error`: a defect of Onceover, or a run that did not repeat.
   */
  readonly verdict: 'held' | 'violated' | 'undecided' | 'cannot-be-checked' | 'harness-error'
  /** The text of `onceover check`, without colours: headline, story, faults, replay command. */
  readonly report: string
  /** Schedules that were run. */
  readonly runs: number
  readonly seed: string
  /** The first one is that of the report. */
  readonly violations: readonly { readonly property: PropertyName; readonly message: string }[]
  /** The replay file that was written, and what to type to run it again; null: none was written. */
  readonly replay: { readonly file: string; readonly command: string } | null
}
