import type { ExpectedAssertion } from './assertion.ts'
import type { Confirmation } from './confirmation.ts'
import type { Counterexample } from './counterexample.ts'
import type { MeasureSeries } from './measure-series.ts'
import type { OutputLine } from './output.ts'
import type { Finding, Measured } from './verdict.ts'

/** The result of checking one scenario: the input of every report. */
export interface ScenarioResult {
  readonly name: string
  /**
   * Path of the scenario's file as the user gave it, or null for one that exists only in memory.
   */
  readonly file: string | null
  readonly guarantee: string
  readonly verdict: 'held' | 'violated' | 'undecided' | 'error'
  readonly runs: number
  readonly seed: string
  readonly strategy: string
  readonly durationMs: number
  readonly schedulesPerSecond: number
  readonly violations: readonly Finding[]
  /** Findings that the guarantee allows, each kind once. */
  readonly notes: readonly Finding[]
  /**
   * Remarks that a reader of the verdict needs, a sentence each: what counts as an effect, topics
   * that nobody reads.
   */
  readonly remarks: readonly string[]
  /** The worst. */
  readonly counterexample: CounterexampleSummary | null
  /**
   * The last lines that each process printed, in the counterexample's run or before the problem.
   */
  readonly output: readonly OutputLine[]
  /** Counterexamples of other causes, the worst first. */
  readonly others: readonly CounterexampleSummary[]
  /** The fate of counterexamples of earlier checks; null: there were none. */
  readonly recalled: Recalled | null
  readonly coverage: Coverage | null
  /** One sentence, for `undecided` and `error`. */
  readonly problem: string | null
  /** True where Ctrl-C or the time limit ended the search before `runs` were done. */
  readonly interrupted: boolean
  /**
   * With the verdict `error`: the scenario or the app is at fault, and one sentence says what to
   * do.
   */
  readonly usageError: boolean
}

export interface CounterexampleSummary {
  /** Path of the replay file; null where none was written. */
  readonly file: string | null
  readonly replayCommand: string | null
  readonly content: Counterexample
  readonly faults: number
  readonly holds: number
  readonly records: number
  readonly consumers: number
  readonly partitions: number
  /**
   * Whether it was tried to take each single thing away; false where time, runs or Ctrl-C cut
   * shrinking short.
   */
  readonly minimal: boolean
  /** Runs that shrinking took, and how long. */
  readonly shrinkRuns: number
  readonly shrinkMs: number
  /** Runs of the search up to and including the first that failed. */
  readonly foundAfterRuns: number
  /** The cause, in words without names and numbers: one defect has one. */
  readonly cause: string
  /** Where earlier checks are remembered. */
  readonly state?: Exclude<FindingState, 'resolved'> | undefined
  /** The file whose schedule it is; null: the search found it by itself. */
  readonly knownFrom: string | null
  /** The measures over its run; empty where the scenario asks for none. */
  readonly series: readonly MeasureSeries[]
  /** A real cluster's answer to the counterexample, if one was asked. */
  readonly confirmation?: Confirmation
}

/**
 * A finding beside those of earlier checks: `ongoing` failed before, `resolved` no longer fails,
 * `regressed` had been resolved and fails again.
 */
export type FindingState = 'new' | 'ongoing' | 'resolved' | 'regressed'

/** `passes`: it was resolved, and is still. */
export type RecalledState = Exclude<FindingState, 'new'> | 'passes'

/** Counterexamples from before, which were tried ahead of the search. */
export interface Recalled {
  readonly tried: readonly {
    /** As a person would type it. */
    readonly file: string
    readonly property: string
    readonly sentence: string
    readonly state: RecalledState
  }[]
  /** Why others were not tried, a sentence each. */
  readonly leftOut: readonly string[]
}

/**
 * The work of a search that found nothing, and the gaps in it: coverage is stated, absence of bugs
 * never claimed.
 */
export interface Coverage {
  readonly runsByStrategy: Readonly<Record<string, number>>
  /**
   * Named events of the fault-free run, and how many single-fault schedules the sweep has finished
   * of how many.
   */
  readonly namedEvents: number
  readonly sweep: { readonly done: number; readonly total: number; readonly kinds: readonly string[] }
  /**
   * Pairs of a detour (a fault that makes the app take another path) and a hand-over behind it, of
   * the detours whose run is known; and how many detours there are.
   */
  readonly pairs?: {
    readonly detours: { readonly done: number; readonly total: number }
    readonly pairs: { readonly done: number; readonly total: number }
  }
  /**
   * In how many runs a fault of this kind hit a process in this phase, e.g. a crash between effect
   * and commit.
   */
  readonly faultPhases: readonly { readonly kind: string; readonly phase: string; readonly runs: number }[]
  /** Faults over all runs: how many were placed, and how many of them never acted. */
  readonly faults: { readonly placed: number; readonly skipped: number }
  /** Schedules that needed what a service of the scenario can't show, by what that is. */
  readonly beyond: readonly { readonly what: string; readonly runs: number }[]
  /**
   * The app's own assertions that must come true once, and in how many runs each did; absent: it
   * has none.
   */
  readonly assertions?: readonly (ExpectedAssertion & { readonly runs: number })[]
  /** The highest values over all runs, where the scenario asks for `measures`. */
  readonly measured?: Measured
  /** Each measure over the run in which it was highest. */
  readonly series?: readonly MeasureSeries[]
  /** Sentences about what was never hit. */
  readonly never: readonly string[]
  /** Runs that were repeated to compare their histories. */
  readonly selfChecks: number
}

/** Progress of a search, for a terminal. */
export interface SearchProgress {
  readonly scenario: string
  readonly runs: number
  readonly runsMax: number
  readonly elapsedMs: number
  /** The strategy whose schedule ended last. */
  readonly strategy: string
  /** How many schedules run at the same time. */
  readonly jobs: number
  /** Schedules with a single fault that the sweep has finished; null before there is a plan. */
  readonly sweep: { readonly done: number; readonly total: number } | null
  /** Pairs of a detour that has been run and a hand-over behind it. */
  readonly pairs: { readonly done: number; readonly total: number } | null
  /** Kinds of faults that have acted at least once, of those that may. */
  readonly kinds: { readonly done: number; readonly total: number }
  /** Findings of different causes so far. */
  readonly findings: number
  readonly phase: 'searching' | 'shrinking' | 'verifying'
}
