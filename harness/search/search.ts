import fc from 'fast-check'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { namedEvents } from '../core/event-name.ts'
import type { Fault } from '../core/fault.ts'
import { eventLine } from '../core/history-text.ts'
import type { Coverage, Progress } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import { createStream } from '../core/seed.ts'
import type { Finding, PropertyName } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { ScheduleArbitrary } from './arbitrary.ts'
import { CoverageCounter } from './coverage.ts'
import type { Place } from './fault-menu.ts'
import { type Shrunk, shrink } from './shrink.ts'
import { Portfolio } from './strategies/portfolio.ts'

export interface SearchOptions {
  readonly seed: string
  /** Most runs, the fault-free one included. */
  readonly runs: number
  /** Most wall time for the search itself, in milliseconds. */
  readonly timeMs?: number | undefined
  /** One of STRATEGY_NAMES. */
  readonly strategy: string
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** One passing run of this many is repeated to compare histories; default 256. */
  readonly selfCheckEvery?: number | undefined
  /** Runs that shrinking may take; default 500. 0: no shrinking. */
  readonly shrinkRuns?: number | undefined
}

interface Searched {
  readonly runs: number
  /** Wall time of the search without shrinking. */
  readonly durationMs: number
  /** Findings that the guarantee allows, the first of each property. */
  readonly notes: readonly Finding[]
  readonly coverage: Coverage
  /** The signal or the time ended it before all runs were done. */
  readonly interrupted: boolean
}

export type SearchOutcome =
  | (Searched & { readonly outcome: 'held' })
  | (Searched & {
      readonly outcome: 'violated'
      readonly strategy: string
      readonly foundAfterRuns: number
      /** As it was found. */
      readonly original: Schedule
      /** The pinned finding, as the shrunk schedule shows it. */
      readonly finding: Finding
      readonly shrunk: Shrunk
    })
  | (Searched & { readonly outcome: 'undecided'; readonly reason: string })
  /** The same schedule gave two histories: a defect of the harness, or something that it does not control. */
  | (Searched & { readonly outcome: 'nondeterministic'; readonly difference: string })

const SELF_CHECK_EVERY = 256
const SHRINK_RUNS = 500
/** Of these many runs, one teaches the strategies its events. */
const LEARN_EVERY = 8
const PLACES_MAX = 3_000

/** Tries schedules until one violates the guarantee, or the budget is spent. The same seed tries the same schedules. */
export async function search(prepared: PreparedScenario, options: SearchOptions): Promise<SearchOutcome> {
  return new Search(prepared, options).run()
}

class Search {
  readonly #prepared: PreparedScenario
  readonly #options: SearchOptions
  readonly #coverage = new CoverageCounter()
  readonly #portfolio: Portfolio
  readonly #notes: Map<string, Finding> = new Map()
  readonly #seen: Place[] = []
  readonly #seenNames: Set<string> = new Set()
  readonly #startedAt = performance.now()
  #runs = 0
  #undecided: string | null = null
  #calm: readonly Place[] = []

  constructor(prepared: PreparedScenario, options: SearchOptions) {
    this.#prepared = prepared
    this.#options = options
    this.#portfolio = new Portfolio(options.strategy)
  }

  async run(): Promise<SearchOutcome> {
    const { seed } = this.#options
    const base: Schedule = { seed, workload: this.#prepared.workload(seed), faults: [], holds: [] }
    const first = await this.#try('fault-free', base, true)
    if (first.outcome !== null) return first.outcome
    this.#calm = this.#learn(first.result)
    const arbitrary = this.#arbitrary(base, first.result)
    const random = new fc.Random(xoroshiro128plus(createStream(seed).bits32()))
    while (this.#runs < this.#options.runs && !this.#interrupted) {
      const { strategy, schedule } = arbitrary.generate(random).value
      const selfCheck = this.#runs % (this.#options.selfCheckEvery ?? SELF_CHECK_EVERY) === 0
      const { outcome, result } = await this.#try(strategy, schedule, selfCheck)
      if (outcome !== null) return outcome
      if (this.#runs % LEARN_EVERY === 0) this.#learn(result)
    }
    if (this.#undecided !== null)
      return { ...this.#searched(), outcome: 'undecided', reason: this.#undecided }
    return { ...this.#searched(), outcome: 'held' }
  }

  #arbitrary(base: Schedule, { history }: RunResult): ScheduleArbitrary {
    const groups = new Set(
      history.events.flatMap((event) => (event.kind === 'believes' ? [event.group] : [])),
    )
    const menu = {
      kinds: this.#prepared.faultKinds,
      workload: base.workload,
      consumed: this.#prepared.consumed,
      groups: [...groups],
    }
    return new ScheduleArbitrary(this.#portfolio, { base, menu, calm: this.#calm, seen: this.#seen })
  }

  get #interrupted(): boolean {
    const { signal, timeMs } = this.#options
    return signal?.aborted === true || (timeMs !== undefined && performance.now() - this.#startedAt >= timeMs)
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
    for (const note of result.verdict.notes)
      if (!this.#notes.has(note.property)) this.#notes.set(note.property, note)
    const { verdict, violations } = result.verdict
    if (verdict === 'undecided') this.#undecided ??= undecidedReason(result)
    const [finding] = violations
    if (finding !== undefined || selfCheck) {
      const difference = await this.#repeat(result)
      if (difference !== null)
        return { result, outcome: { ...this.#searched(), outcome: 'nondeterministic', difference } }
    }
    if (finding === undefined) return { result, outcome: null }
    return { result, outcome: await this.#violated(strategy, result, finding) }
  }

  async #violated(strategy: string, result: RunResult, finding: Finding): Promise<SearchOutcome> {
    const searched = this.#searched()
    const { property, result: failing } = await this.#consequence(result, finding)
    const shrunk = await shrink(
      this.#prepared,
      { schedule: failing.schedule, result: failing, property },
      {
        runsMax: this.#options.shrinkRuns ?? SHRINK_RUNS,
        signal: this.#options.signal,
        onProgress: () => this.#progress('shrinking'),
      },
    )
    const kept = shrunk.result.verdict.violations.find((each) => each.property === property) ?? finding
    return {
      ...searched,
      outcome: 'violated',
      strategy,
      foundAfterRuns: this.#runs,
      original: result.schedule,
      finding: kept,
      shrunk,
    }
  }

  /**
   * A commit that runs ahead is a loss that waits for a crash: if a crash right after it loses a record, that is the
   * counterexample to show.
   */
  async #consequence(
    result: RunResult,
    finding: Finding,
  ): Promise<{ property: PropertyName; result: RunResult }> {
    const plain = { property: finding.property, result }
    if (finding.property !== 'commit-ahead' || !this.#prepared.faultKinds.includes('crash')) return plain
    const commit = result.history.events[finding.events.at(-1) ?? -1]
    if (commit?.kind !== 'commit') return plain
    const { process: target, ordinal } = commit
    const crash: Fault = {
      kind: 'crash',
      target,
      at: { event: `${target} OffsetCommit#${ordinal} applied` },
      restartMs: 1_000,
    }
    const { schedule } = result
    const crashed = await this.#prepared.run(
      { ...schedule, faults: [...schedule.faults, crash] },
      { stopAt: 'lost-record' },
    )
    const lost = crashed.verdict.violations.some(({ property }) => property === 'lost-record')
    return lost ? { property: 'lost-record', result: crashed } : plain
  }

  /** Runs it once more; what differs, in words, or null. */
  async #repeat(first: RunResult): Promise<string | null> {
    this.#coverage.selfChecks += 1
    const second = await this.#prepared.run(first.schedule, { watchLeaks: true })
    if (second.historyHash() === first.historyHash()) return null
    const leak =
      second.leaks.length === 0
        ? ''
        : `; started outside the simulation's control: ${second.leaks.join(', ')}`
    return `${firstDifference(first, second)}${leak}`
  }

  #learn({ history }: RunResult): readonly Place[] {
    const named = namedEvents(history.events)
    for (const place of named) {
      if (this.#seen.length >= PLACES_MAX) break
      if (this.#seenNames.has(place.name)) continue
      this.#seenNames.add(place.name)
      this.#seen.push(place)
    }
    return named
  }

  #searched(): Searched {
    return {
      runs: this.#runs,
      durationMs: performance.now() - this.#startedAt,
      notes: [...this.#notes.values()],
      coverage: this.#coverage.report({
        namedEvents: this.#calm.length,
        sweep: this.#portfolio.sweep.progress,
        kinds: this.#prepared.faultKinds,
      }),
      interrupted: this.#interrupted && this.#runs < this.#options.runs,
    }
  }

  #progress(phase: Progress['phase']): void {
    this.#options.onProgress?.({
      scenario: this.#prepared.name,
      runs: this.#runs,
      runsMax: this.#options.runs,
      elapsedMs: performance.now() - this.#startedAt,
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

/** The first event that two runs of one schedule do not share. */
function firstDifference(first: RunResult, second: RunResult): string {
  const [a, b] = [first.history.events, second.history.events]
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index], b[index]].map((event) =>
      event === undefined ? 'nothing' : eventLine(event),
    )
    if (one !== other) return `event ${index} was ${one}, and in the second run ${other}`
  }
  return 'the histories have different hashes and the same events'
}
