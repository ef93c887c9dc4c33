import { namedEvents } from '../core/event-names.ts'
import type { Fault } from '../core/fault.ts'
import type { Schedule } from '../core/schedule.ts'
import type { Finding, PropertyName } from '../core/verdict.ts'
import type { PreparedScenario, RunResult } from '../run/run.interface.ts'
import { interestOf } from './fault-menu.ts'
import { firstAppendMs, plainerSlots } from './plainer.ts'
import { appendedIn, deliveredIn } from './reached.ts'
import { reanchored, recordNames } from './rename.ts'
import { type Difference, differenceOf } from './self-check.ts'
import {
  removals,
  withFaults,
  withHolds,
  withoutBroker,
  withoutPartition,
  withoutProcess,
  withoutRecords,
} from './shrink-moves.ts'

export interface ShrinkOptions {
  /** Most runs; default 500. 0: the schedule stays as it is. */
  readonly runsMax?: number | undefined
  /** Most wall time in milliseconds; default: no limit. */
  readonly timeMs?: number | undefined
  readonly onProgress?: ((runs: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** The clock of the time limit, in milliseconds; default: `performance.now`. */
  readonly nowMs?: (() => number) | undefined
}

/** The options of a reduction that has begun. */
interface Begun extends ShrinkOptions {
  readonly startedAt: number
  readonly nowMs: () => number
}

export interface Shrunk {
  readonly schedule: Schedule
  readonly result: RunResult
  /** The pinned property's finding, as the result shows it; null where the result did not repeat. */
  readonly finding: Finding | null
  readonly runs: number
  readonly durationMs: number
  /** Taking any one fault, hold, record, process, partition or broker away was tried, and made it pass. */
  readonly oneMinimal: boolean
  /** Two more runs of the result gave the same history. */
  readonly repeatable: boolean
  /** What was not the same, where it is not repeatable. */
  readonly difference: Difference | null
}

const RUNS_MAX = 500
/** With more things than this, pairs of them are not tried. */
const PAIRED_MAX = 12

/** Out of runs, or told to stop: what has been reached so far is the result. */
class OutOfBudget extends Error {}

/**
 * Reduces a failing schedule while the same property stays violated: what came after the violation goes first, then
 * delta debugging (Zeller and Hildebrandt, 2002) over faults, holds, partitions, records, processes and brokers, then
 * plainer values, then pairs, until nothing more can go.
 */
export async function shrink(
  prepared: PreparedScenario,
  failing: { readonly schedule: Schedule; readonly finding: Finding },
  options: ShrinkOptions = {},
): Promise<Shrunk> {
  const nowMs = options.nowMs ?? (() => performance.now())
  const startedAt = nowMs()
  const { property } = failing.finding
  const first = await prepared.run(failing.schedule, { stopAt: property })
  const shrinker = new Shrinker(prepared, property, first, { ...options, startedAt, nowMs })
  try {
    if (violates(first, property)) await shrinker.reduce()
  } catch (error) {
    if (!(error instanceof OutOfBudget)) throw error
  }
  const { schedule } = shrinker.best
  const second = await prepared.run(schedule, { stopAt: property, watchLeaks: true })
  const third = await prepared.run(schedule, { stopAt: property })
  const difference = differenceOf(shrinker.best, second) ?? differenceOf(second, third)
  return {
    schedule,
    result: third,
    finding: third.verdict.violations.find((each) => each.property === property) ?? null,
    runs: shrinker.runs,
    durationMs: nowMs() - startedAt,
    oneMinimal: shrinker.proven,
    repeatable: difference === null,
    difference,
  }
}

function violates({ verdict }: RunResult, property: PropertyName): boolean {
  return verdict.violations.some((each) => each.property === property)
}

class Shrinker {
  /** The smallest that failed. */
  best: RunResult
  runs = 0
  /** Every single removal from `best` was tried, and passed. */
  proven = false
  readonly #prepared: PreparedScenario
  readonly #property: PropertyName
  readonly #options: Begun
  readonly #tried: Set<string> = new Set()
  readonly #firstMs: number

  constructor(prepared: PreparedScenario, property: PropertyName, first: RunResult, options: Begun) {
    this.#prepared = prepared
    this.#property = property
    this.#options = options
    this.best = first
    this.#firstMs = firstAppendMs(first.schedule)
    this.#tried.add(JSON.stringify(first.schedule))
  }

  async reduce(): Promise<void> {
    await this.#truncate()
    await this.#acceptAny([withFaults(this.#schedule, []), withHolds(this.#schedule, [])])
    while (await this.#delete()) {}
    for (;;) {
      while (await this.#singles()) {}
      this.proven = true
      if (await this.#plainer()) continue
      if (!(await this.#pairs())) return
    }
  }

  get #schedule(): Schedule {
    return this.best.schedule
  }

  /** Faults and holds that never acted before the violation, and records that nobody had been given by then. */
  async #truncate(): Promise<void> {
    const { schedule, history, skipped } = this.best
    const names = new Set(namedEvents(history.events).map(({ name }) => name))
    const idle = new Set(skipped.map(({ index }) => index))
    const acted = {
      ...schedule,
      faults: schedule.faults.filter((_, index) => !idle.has(index)),
      holds: schedule.holds.filter(({ event }) => names.has(event)),
    }
    await this.#accept(acted)
    for (const reached of [appendedIn(history), deliveredIn(history)]) {
      const names = recordNames(this.#schedule.workload)
      const gone = new Set([...names.keys()].filter((index) => !reached.has(names[index] ?? '')))
      if (gone.size > 0) await this.#acceptAny(withoutRecords(this.#schedule, gone))
    }
  }

  async #delete(): Promise<boolean> {
    const faults = await this.#ddmin(
      () => this.#schedule.faults,
      (list) => withFaults(this.#schedule, list),
    )
    const holds = await this.#ddmin(
      () => this.#schedule.holds,
      (list) => withHolds(this.#schedule, list),
    )
    const partitions = await this.#partitions()
    const records = await this.#records()
    const processes = await this.#untilNone(() => withoutProcess(this.#schedule))
    const brokers = await this.#untilNone(() => withoutBroker(this.#schedule))
    return faults || holds || partitions || records || processes || brokers
  }

  /** Chunks from large to small, then one by one: what is left has no removable chunk. */
  async #ddmin<T>(list: () => readonly T[], make: (list: readonly T[]) => Schedule): Promise<boolean> {
    let changed = false
    for (let size = list().length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let start = 0; start < list().length; ) {
        const current = list()
        const rest = [...current.slice(0, start), ...current.slice(start + size)]
        if (await this.#accept(make(rest))) changed = true
        else start += size
      }
    }
    return changed
  }

  /** From the end, in halves, then one by one. */
  async #records(): Promise<boolean> {
    let changed = false
    const count = (): number => this.#schedule.workload.records.length
    for (let size = count() - 1; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let end = count(); end > 0; ) {
        const start = Math.max(0, end - size)
        const indexes = new Set(Array.from({ length: end - start }, (_, index) => start + index))
        if (await this.#acceptAny(withoutRecords(this.#schedule, indexes))) changed = true
        end = Math.min(start, count())
      }
    }
    return changed
  }

  async #partitions(): Promise<boolean> {
    let changed = false
    for (const topic of Object.keys(this.#schedule.workload.topics)) {
      changed = (await this.#untilNone(() => withoutPartition(this.#schedule, topic))) || changed
    }
    return changed
  }

  /** One pass over all that can go, one at a time. */
  async #singles(): Promise<boolean> {
    let changed = false
    for (let index = 0; ; ) {
      const removal = removals(this.#schedule)[index]
      if (removal === undefined) return changed
      if (await this.#acceptAny(removal.ways())) changed = true
      else index += 1
    }
  }

  /** Two things that only go together, for at most half of the runs that are left. */
  async #pairs(): Promise<boolean> {
    const first = removals(this.#schedule)
    if (first.length > PAIRED_MAX) return false
    const runsMax = this.runs + Math.floor((this.#runsMax - this.runs) / 2)
    for (const [index, removal] of first.entries()) {
      for (const without of removal.ways()) {
        for (const { ways } of removals(without).slice(index)) {
          if (this.runs >= runsMax) return false
          if (await this.#acceptAny(ways())) return true
        }
      }
    }
    return false
  }

  /** Smaller and rounder values, slot by slot. */
  async #plainer(): Promise<boolean> {
    let changed = false
    const options = {
      firstMs: this.#firstMs,
      kinds: this.#prepared.faultKinds,
      betterEvent: (fault: Fault) => this.#betterEvent(fault),
    }
    for (const slot of plainerSlots(this.#schedule, options)) {
      if (await this.#acceptAny(slot(this.#schedule))) changed = true
    }
    return changed
  }

  /** For a fault at a message of no interest: the last handler, effect or commit event of that process before it. */
  #betterEvent({ at }: Fault): string | null {
    if (!('event' in at)) return null
    const places = namedEvents(this.best.history.events)
    const index = places.findIndex(({ name }) => name === at.event)
    const place = places[index]
    if (place === undefined || interestOf(place) === 0 || !('process' in place.event)) return null
    const { process } = place.event
    const better = places
      .slice(0, index)
      .findLast((each) => interestOf(each) === 0 && 'process' in each.event && each.event.process === process)
    return better?.name ?? null
  }

  async #untilNone(make: () => readonly Schedule[]): Promise<boolean> {
    let changed = false
    while (await this.#acceptAny(make())) changed = true
    return changed
  }

  async #acceptAny(candidates: readonly Schedule[]): Promise<boolean> {
    for (const candidate of candidates) if (await this.#accept(candidate)) return true
    return false
  }

  /** Keeps the candidate if it still fails; if not, once more with faults moved to events that did happen. */
  async #accept(candidate: Schedule): Promise<boolean> {
    const result = await this.#run(candidate)
    if (result === null) return false
    if (this.#keep(result)) return true
    if (result.skipped.length === 0 && candidate.holds.length === 0) return false
    const happened = new Set(namedEvents(result.history.events).map(({ name }) => name))
    const moved = reanchored(candidate, happened)
    const again = moved === null ? null : await this.#run(moved)
    return again !== null && this.#keep(again)
  }

  #keep(result: RunResult): boolean {
    if (!violates(result, this.#property)) return false
    this.best = result
    this.proven = false
    return true
  }

  get #runsMax(): number {
    return this.#options.runsMax ?? RUNS_MAX
  }

  get #stopped(): boolean {
    const { signal, startedAt, nowMs, timeMs } = this.#options
    return signal?.aborted === true || (timeMs !== undefined && nowMs() - startedAt >= timeMs)
  }

  /** Null for a schedule that has been tried before: it passed, or it was larger. */
  async #run(candidate: Schedule): Promise<RunResult | null> {
    const text = JSON.stringify(candidate)
    if (this.#tried.has(text)) return null
    if (this.runs >= this.#runsMax || this.#stopped) throw new OutOfBudget()
    this.#tried.add(text)
    this.runs += 1
    this.#options.onProgress?.(this.runs)
    return this.#prepared.run(candidate, { stopAt: this.#property })
  }
}
