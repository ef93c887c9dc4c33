import { createRandom } from '../core/random.ts'
import type { Progress } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { baseSchedule, knowledgeOf, ScheduleArbitrary } from './arbitrary.ts'
import { consequence } from './consequence.ts'
import { CoverageCounter } from './coverage.ts'
import type { Knowledge } from './knowledge.ts'
import type { Searched, SearchOutcome } from './outcome.ts'
import { type Difference, describeDifference, differenceOf } from './self-check.ts'
import { shrink } from './shrink.ts'
import { type PlannedTurn, Portfolio } from './strategies/portfolio.ts'
import { singleFaults, sweep } from './strategies/sweep.ts'

export type { SearchOutcome } from './outcome.ts'

export interface SearchOptions {
  readonly seed: string
  /** Most runs, the fault-free one included. */
  readonly runs: number
  /** Most wall time for searching and shrinking, in milliseconds; a run that has begun is ended. */
  readonly timeMs?: number | undefined
  /** One of STRATEGY_NAMES. */
  readonly strategy: string
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** The clock of the time limit, in milliseconds; default: `performance.now`. */
  readonly nowMs?: (() => number) | undefined
  /** One passing run of this many is repeated to compare histories; default 256, 0: none. */
  readonly selfCheckEvery?: number | undefined
  /** Runs that shrinking may take; default 500. 0: no shrinking. */
  readonly shrinkRuns?: number | undefined
}

const SELF_CHECK_EVERY = 256
/** Of these many runs, one teaches the strategies its events. */
const LEARN_EVERY = 8

/**
 * Tries schedules until one violates the guarantee, the strategy has nothing left, or the budget is spent. The same
 * seed tries the same schedules.
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
  #undecided: string | null = null
  /** The strategy had nothing left before the runs were spent. */
  #exhausted = false

  constructor(prepared: PreparedScenario, options: SearchOptions) {
    this.#prepared = prepared
    this.#options = options
    this.#nowMs = options.nowMs ?? (() => performance.now())
    this.#startedAt = this.#nowMs()
    this.#portfolio = new Portfolio(options.strategy)
  }

  async run(): Promise<SearchOutcome> {
    if (this.#runs < this.#options.runs && !this.#interrupted) {
      const base = baseSchedule(this.#prepared, this.#options.seed)
      const first = await this.#try('fault-free', base, true)
      if (first.outcome !== null) return first.outcome
      const failed = await this.#explore(knowledgeOf(this.#prepared, first.result))
      if (failed !== null) return failed
    }
    const reason = this.#undecided
    return reason === null
      ? { ...this.#searched(), outcome: 'held' }
      : { ...this.#searched(), outcome: 'undecided', reason }
  }

  async #explore(knowledge: Knowledge): Promise<SearchOutcome | null> {
    this.#knowledge = knowledge
    const every = this.#options.selfCheckEvery ?? SELF_CHECK_EVERY
    while (this.#runs < this.#options.runs && !this.#interrupted) {
      const turn = this.#portfolio.next(knowledge)
      this.#exhausted = turn === null
      if (turn === null) break
      const schedule = this.#draw(knowledge, turn)
      const selfCheck = every > 0 && this.#runs % every === 0
      const { outcome, result } = await this.#try(turn.strategy.name, schedule, selfCheck)
      if (outcome !== null) return outcome
      if (this.#runs % LEARN_EVERY === 0) knowledge.learn(result)
    }
    return null
  }

  /** Chance of each schedule comes from the seed and its number: it does not matter what was drawn before. */
  #draw(knowledge: Knowledge, turn: PlannedTurn): Schedule {
    const source = { prepared: this.#prepared, knowledge, portfolio: this.#portfolio, turn }
    const random = createRandom(`${this.#options.seed}/${this.#runs}`)
    return new ScheduleArbitrary(source).generate(random).value
  }

  get #interrupted(): boolean {
    return this.#options.signal?.aborted === true || this.#timeLeftMs === 0
  }

  /** Undefined: as much as it takes. */
  get #timeLeftMs(): number | undefined {
    const { timeMs } = this.#options
    return timeMs === undefined ? undefined : Math.max(0, timeMs - (this.#nowMs() - this.#startedAt))
  }

  async #try(
    strategy: string,
    schedule: Schedule,
    selfCheck: boolean,
  ): Promise<{ outcome: SearchOutcome | null; result: RunResult }> {
    const result = await this.#prepared.run(schedule)
    this.#runs += 1
    this.#coverage.add(strategy, result)
    this.#progress('searching')
    const { verdict, violations, notes } = result.verdict
    for (const note of notes) if (!this.#notes.has(note.property)) this.#notes.set(note.property, note)
    if (verdict === 'undecided') this.#undecided ??= undecidedReason(result)
    const [finding] = violations
    if (finding !== undefined || selfCheck) {
      this.#coverage.selfChecks += 1
      const second = await this.#prepared.run(schedule, { watchLeaks: true })
      const difference = differenceOf(result, second)
      if (difference !== null) return { result, outcome: this.#nondeterministic(schedule, difference) }
    }
    if (finding === undefined) return { result, outcome: null }
    return { result, outcome: await this.#violated(strategy, result, finding) }
  }

  async #violated(strategy: string, result: RunResult, finding: Finding): Promise<SearchOutcome> {
    const searched = this.#searched()
    const { signal, shrinkRuns } = this.#options
    const failing = await consequence(this.#prepared, result, finding)
    const shrunk = await shrink(this.#prepared, failing, {
      runsMax: shrinkRuns,
      timeMs: this.#timeLeftMs,
      signal,
      nowMs: this.#nowMs,
      onProgress: () => this.#progress('shrinking'),
    })
    if (shrunk.difference !== null) return this.#nondeterministic(shrunk.schedule, shrunk.difference)
    return {
      ...searched,
      outcome: 'violated',
      strategy,
      foundAfterRuns: this.#runs,
      schedule: result.schedule,
      result,
      finding: shrunk.finding ?? failing.finding,
      shrunk,
    }
  }

  #nondeterministic(schedule: Schedule, firstDifference: Difference): SearchOutcome {
    const difference = describeDifference(firstDifference)
    return { ...this.#searched(), outcome: 'nondeterministic', schedule, difference, firstDifference }
  }

  #searched(): Searched {
    const total = this.#knowledge === null ? 0 : singleFaults(this.#knowledge)
    return {
      runs: this.#runs,
      durationMs: this.#nowMs() - this.#startedAt,
      notes: [...this.#notes.values()],
      coverage: this.#coverage.report({
        namedEvents: this.#knowledge?.calm.places.length ?? 0,
        sweep: { done: Math.min(this.#portfolio.done(sweep.name), total), total },
        kinds: this.#prepared.faultKinds,
        impossible: this.#prepared.impossible,
      }),
      interrupted: this.#interrupted && this.#runs < this.#options.runs && !this.#exhausted,
    }
  }

  #progress(phase: Progress['phase']): void {
    this.#options.onProgress?.({
      scenario: this.#prepared.name,
      runs: this.#runs,
      runsMax: this.#options.runs,
      elapsedMs: this.#nowMs() - this.#startedAt,
      phase,
    })
  }
}

function undecidedReason({ verdict }: RunResult): string {
  for (const [property, outcome] of Object.entries(verdict.properties)) {
    if (outcome.outcome === 'undecided') return `${property}: ${outcome.reason}`
  }
  return 'no property could be decided'
}
