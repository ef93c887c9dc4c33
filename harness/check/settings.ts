import type { SearchProgress } from '../core/result.ts'
import type { Shard } from '../search/shard.ts'

/** The settings of a search, shared by the command line and vitest. */
export interface SearchSettings {
  readonly seed: string
  /** Most schedules for each scenario. */
  readonly runs: number
  /** Most wall time for each scenario, in milliseconds. */
  readonly timeMs?: number | undefined
  readonly strategy: string
  /** The part of the search that is done here; `runs` counts those of all parts. */
  readonly shard?: Shard | undefined
  /** Threads that run schedules; default 1. The outcome does not depend on it. */
  readonly jobs?: number | undefined
  /** `sweep`: a search that did not try every single fault of its sweep is undecided, not held. */
  readonly require?: 'sweep' | undefined
  /**
   * Counterexamples of earlier checks, in the folder `corpus` below `out`, are tried first, and
   * those of this check are kept there; default false.
   */
  readonly corpus?: boolean | undefined
  /** How many findings of different causes end the search; default 1. */
  readonly findings?: number | undefined
  /** Folder for counterexamples, or null to write none. */
  readonly out: string | null
  readonly signal?: AbortSignal | undefined
  /** The clock of the time limit, in milliseconds; default: `performance.now`. */
  readonly nowMs?: (() => number) | undefined
  readonly onProgress?: ((progress: SearchProgress) => void) | undefined
  /** The command that replays this file; default: the command line's `replay`. */
  readonly replayCommand?: ((file: string) => string) | undefined
}

/** A few seconds on one core: the sweep of a small scenario and as many schedules again. */
export const RUNS_DEFAULT = 2_000
export const STRATEGY_DEFAULT = 'portfolio'
export const OUT_DEFAULT = '.onceover'
