import { RunStopped } from '../core/errors.ts'
import type { SearchProgress } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding, Verdict } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { baseSchedule, knowledgeOf } from './arbitrary.ts'
import { CoverageCounter, FAULT_FREE } from './coverage.ts'
import { Exploration } from './exploration.ts'
import { Findings } from './findings.ts'
import type { Knowledge } from './knowledge.ts'
import { type KnownFailure, type KnownTried, tryKnown } from './known.ts'
import type { Searched, SearchOutcome } from './outcome.ts'
import { type Difference, describeDifference, differenceOf } from './self-check.ts'
import { ownRuns, type Shard } from './shard.ts'
import { type PairsDone, pairs, pairsDone } from './strategies/pairs.ts'
import { Portfolio } from './strategies/portfolio.ts'
import { singleFaults, sweep } from './strategies/sweep.ts'
import { localRunner, type Runner, type Trial, type Tried, tryOut } from './trial.ts'

export type { SearchOutcome } from './outcome.ts'

export interface SearchOptions {
  readonly seed: string
  /** Most runs, the fault-free one included. */
  readonly runs: number
  /** Most wall time for searching and shrinking, in milliseconds; a run that has begun is ended. */
  readonly timeMs?: number | undefined
  /** One of STRATEGY_NAMES. */
  readonly strategy: string
  /** The part of the search that is done here; default: all. `runs` counts those of all parts. */
  readonly shard?: Shard | undefined
  readonly onProgress?: ((progress: SearchProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** The clock of the time limit, in milliseconds; default: `performance.now`. */
  readonly nowMs?: (() => number) | undefined
  /** One passing run of this many is repeated to compare histories; default 256, 0: none. */
  readonly selfCheckEvery?: number | undefined
  /** Runs that shrinking may take; default 500. 0: no shrinking. */
  readonly shrinkRuns?: number | undefined
  /**
   * Runs the schedules; default: one after the other, in this process. The outcome does not depend
   * on it.
   */
  readonly runner?: Runner | undefined
  /**
   * Schedules that failed before, tried ahead of all others. They count into no budget of runs, so
   * that the search behind them is the same with and without them.
   */
  readonly known?: readonly KnownFailure[] | undefined
  /** The search ends with this many findings of different causes; default 1. */
  readonly findingsMax?: number | undefined
}

const SELF_CHECK_EVERY = 256

/**
 * Tries schedules until one violates the guarantee, the strategy has nothing left, or the budget is
 * spent. The same seed tries the same schedules.
 * @throws UsageError for an unknown strategy
 */
export async function search(prepared: PreparedScenario, options: SearchOptions): Promise<SearchOutcome> {
  return new Search(prepared, options).run()
}

class Search {
  readonly #prepared: PreparedScenario
  readonly #options: SearchOptions
  readonly #coverage = new CoverageCounter()
  readonly #portfolio: Portfolio
  readonly #notes: Map<string, Finding> = new Map()
  readonly #nowMs: () => number
  readonly #startedAt: number
  #knowledge: Knowledge | null = null
  #runs = 0
  #strategy = FAULT_FREE
  #undecided: string | null = null
  #exploration: Exploration | null = null
  readonly #known: KnownTried[] = []
  readonly #findings: Findings
  /** The state of the search when the last finding was made, if the search ended with it. */
  #atLastFinding: Searched | null = null
  /** Wall time spent on shrinking. */
  #shrinkMs = 0

  constructor(prepared: PreparedScenario, options: SearchOptions) {
    this.#prepared = prepared
    this.#options = options
    this.#nowMs = options.nowMs ?? (() => performance.now())
    this.#startedAt = this.#nowMs()
    this.#portfolio = new Portfolio(options.strategy, options.shard)
    this.#findings = new Findings(prepared, options.findingsMax ?? 1)
  }

  async run(): Promise<SearchOutcome> {
    let cutShort: string | null = null
    const failed = await this.#search().catch((error: unknown) => {
      if (error instanceof RunStopped) return null
      if (this.#findings.count === 0) throw error
      cutShort = error instanceof Error ? error.message : String(error)
      return null
    })
    const [first, ...others] = this.#findings.sorted()
    if (failed !== null && first === undefined) return failed
    const searched = this.#atLastFinding ?? this.#searched()
    if (failed?.outcome === 'nondeterministic')
      cutShort = `the same schedule gave two different histories: ${failed.difference}`
    if (first !== undefined) return { ...searched, ...first, outcome: 'violated', others, cutShort }
    const reason = this.#undecided
    return reason === null ? { ...searched, outcome: 'held' } : { ...searched, outcome: 'undecided', reason }
  }

  /** Null: no schedule gave two histories. */
  async #search(): Promise<SearchOutcome | null> {
    const apart = await this.#tryKnown()
    if (apart !== null || this.#over || this.#runs >= this.#options.runs) return apart
    const schedule = baseSchedule(this.#prepared, this.#options.seed)
    const trial = { schedule, selfCheck: true, learn: true, reached: [] }
    const first = await tryOut(this.#prepared, trial, () => this.#interrupted)
    const outcome = await this.#fold(FAULT_FREE, trial, first)
    return outcome !== null || this.#over ? outcome : this.#explore(schedule, first)
  }

  /** All of them, before the first that fails is shrunk: what became of each is told. */
  async #tryKnown(): Promise<SearchOutcome | null> {
    const { known = [] } = this.#options
    const failing: { result: RunResult; finding: Finding; index: number }[] = []
    for (const [index, each] of known.entries()) {
      if (this.#interrupted) break
      const tried = await tryKnown(this.#prepared, each, () => this.#interrupted).catch(unlessStopped)
      if (tried === null) break
      const { result, finding, difference } = tried
      if (difference !== null) return this.#nondeterministic(each.schedule, difference)
      this.#known.push(finding === null ? 'passes' : finding.property === each.property ? 'fails' : 'other')
      if (finding !== null) failing.push({ result, finding, index })
    }
    // Where the time is up they are told as they are.
    for (const { result, finding, index } of failing) {
      if (this.#findings.enough) break
      const apart = await this.#found('known', result, finding, index)
      if (apart !== null) return apart
    }
    return null
  }

  /** Enough was found, or the time is up. */
  get #over(): boolean {
    return this.#findings.enough || this.#interrupted
  }

  async #explore(schedule: Schedule, { history }: Tried): Promise<SearchOutcome | null> {
    if (history === null) return null
    const { seed, runs, shard, runner, selfCheckEvery = SELF_CHECK_EVERY } = this.#options
    const knowledge = knowledgeOf(this.#prepared, { schedule, history }, shard)
    this.#knowledge = knowledge
    this.#exploration = new Exploration({
      ...{ prepared: this.#prepared, knowledge, portfolio: this.#portfolio },
      ...{ seed, runs, shard, selfCheckEvery },
      runner: runner ?? localRunner(this.#prepared, () => this.#interrupted),
      stopped: () => this.#interrupted,
    })
    for await (const { strategy, trial, tried } of this.#exploration.trials()) {
      const outcome = await this.#fold(strategy, trial, tried)
      if (outcome !== null || this.#over) return outcome
    }
    return null
  }

  get #runsMax(): number {
    return ownRuns(this.#options.runs, this.#options.shard)
  }

  get #interrupted(): boolean {
    return this.#options.signal?.aborted === true || this.#timeLeftMs === 0
  }

  /** Undefined: as much as it takes. */
  get #timeLeftMs(): number | undefined {
    const { timeMs } = this.#options
    return timeMs === undefined ? undefined : Math.max(0, timeMs - (this.#nowMs() - this.#startedAt))
  }

  async #fold(strategy: string, { schedule }: Trial, tried: Tried): Promise<SearchOutcome | null> {
    const { verdict, hits, hash, difference, history } = tried
    this.#runs += 1
    this.#coverage.add(strategy, hits)
    this.#strategy = strategy
    this.#progress('searching')
    const { violations, notes } = verdict
    for (const note of notes) if (!this.#notes.has(note.property)) this.#notes.set(note.property, note)
    this.#coverage.addAssertions(verdict.assertions)
    this.#coverage.addMeasured(verdict.measured, schedule)
    if (verdict.beyond !== undefined) this.#coverage.addBeyond(verdict.beyond)
    else if (verdict.verdict === 'undecided') this.#undecided ??= undecidedReason(verdict)
    if (hash !== null) this.#coverage.selfChecks += 1
    if (difference !== null) return this.#nondeterministic(schedule, difference)
    const [finding] = violations
    if (finding === undefined || history === null || hash === null) return null
    if (this.#findings.knows(history, finding)) return null
    // It may have been another thread that found it.
    const result = await this.#prepared.run(schedule)
    const apart = differenceOf({ history, historyHash: () => hash }, result)
    if (apart !== null) return this.#nondeterministic(schedule, apart)
    return this.#found(strategy, result, finding, null)
  }

  async #found(
    strategy: string,
    result: RunResult,
    finding: Finding,
    known: number | null,
  ): Promise<SearchOutcome | null> {
    this.#atLastFinding = this.#searched()
    const startedAt = this.#nowMs()
    const apart = await this.#findings.add(
      { strategy, foundAfterRuns: this.#runs, schedule: result.schedule, result, finding, known },
      {
        interrupted: this.#interrupted,
        runsMax: this.#options.shrinkRuns,
        timeMs: this.#timeLeftMs,
        signal: this.#options.signal,
        nowMs: this.#nowMs,
        onProgress: () => this.#progress('shrinking'),
      },
    )
    this.#shrinkMs += this.#nowMs() - startedAt
    if (apart !== null) return this.#nondeterministic(apart.schedule, apart.difference)
    // The search goes on, and what it covers is told at its end.
    if (!this.#over) this.#atLastFinding = null
    return null
  }

  #nondeterministic(schedule: Schedule, firstDifference: Difference): SearchOutcome {
    const difference = describeDifference(firstDifference)
    return { ...this.#searched(), outcome: 'nondeterministic', schedule, difference, firstDifference }
  }

  #searched(): Searched {
    return {
      runs: this.#runs,
      durationMs: this.#nowMs() - this.#startedAt - this.#shrinkMs,
      knownTried: this.#known,
      notes: [...this.#notes.values()],
      coverage: this.#coverage.report({
        namedEvents: this.#knowledge?.calm.places.length ?? 0,
        sweep: this.#knowledge === null ? { done: 0, total: 0 } : this.#swept(this.#knowledge),
        pairs: this.#knowledge === null ? undefined : this.#paired(this.#knowledge),
        kinds: this.#prepared.faultKinds,
        assertions: this.#prepared.assertions,
        impossible: this.#prepared.impossible,
      }),
      highestIn: this.#coverage.highestIn,
      interrupted: this.#interrupted && this.#runs < this.#runsMax && this.#exploration?.exhausted !== true,
    }
  }

  #progress(phase: SearchProgress['phase']): void {
    const { onProgress, runner } = this.#options
    onProgress?.({
      scenario: this.#prepared.name,
      runs: this.#runs,
      runsMax: this.#runsMax,
      elapsedMs: this.#nowMs() - this.#startedAt,
      strategy: this.#strategy,
      jobs: runner?.width ?? 1,
      sweep: this.#knowledge === null ? null : this.#swept(this.#knowledge),
      pairs: this.#knowledge === null ? null : this.#paired(this.#knowledge).pairs,
      kinds: { done: this.#coverage.kindsHit, total: this.#prepared.faultKinds.length },
      findings: this.#findings.count,
      phase,
    })
  }

  #paired(knowledge: Knowledge): PairsDone {
    return pairsDone(knowledge, this.#coverage.runsOf(pairs.name))
  }

  #swept(knowledge: Knowledge): { readonly done: number; readonly total: number } {
    const total = singleFaults(knowledge)
    return { done: Math.min(this.#coverage.runsOf(sweep.name), total), total }
  }
}

/** Null for a run that was stopped. */
function unlessStopped(error: unknown): null {
  if (error instanceof RunStopped) return null
  throw error
}

function undecidedReason({ properties }: Verdict): string {
  for (const [property, outcome] of Object.entries(properties)) {
    if (outcome.outcome === 'undecided') return `${property}: ${outcome.reason}`
  }
  return 'no property could be decided'
}
