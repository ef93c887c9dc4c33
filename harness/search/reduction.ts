import { namedEvents } from '../core/event-names.ts'
import type { Fault, FaultKind } from '../core/fault.ts'
import { jsonText } from '../core/json.ts'
import type { Schedule } from '../core/schedule.ts'
import type { DrawnRecord, RunResult } from '../run/run.interface.ts'
import { interestOf } from './fault-menu.ts'
import { firstAppendMs, plainerSlots } from './plainer.ts'
import { appendedIn, deliveredIn } from './reached.ts'
import { RecordValues } from './record-values.ts'
import { reanchored, recordNames } from './rename.ts'
import {
  removals,
  withFaults,
  withHolds,
  withoutBroker,
  withoutPartition,
  withoutProcess,
  withoutRecords,
} from './shrink-moves.ts'

/** The answer to a candidate. */
export interface ReductionAnswer {
  /** Whether the candidate still violates the property. */
  readonly fails: boolean
  /** The candidate's run; null where it is not known: then nothing is concluded from it. */
  readonly seen: Pick<RunResult, 'history' | 'skipped'> | null
}

export interface ReductionOptions {
  /** Kinds that the scenario allows; without `crash` among them nothing becomes a crash. */
  readonly kinds: readonly FaultKind[]
  /** Records of the workload whose values can be shrunk; default: none. */
  readonly values?: readonly DrawnRecord[]
  /**
   * Where the failing schedule passes without its faults and holds, so must all smaller ones: what
   * fails of itself on fewer records, or on the same at other times, is another defect. Default:
   * false.
   */
  readonly keepsCalm?: boolean
  /** Most candidates; default 500. */
  readonly runsMax?: number | undefined
}

/** Candidates one after the other, each answered before the next is asked for. */
type Moves<Result> = Generator<Schedule, Result, ReductionAnswer>

export const RUNS_MAX = 500
/** With more things than this, pairs of them are not tried. */
const PAIRED_MAX = 12
/** Most values that are tried in place of one. */
const VALUES_MAX = 40

/**
 * How a failing schedule is reduced, as moves that somebody answers: what came after the violation
 * goes first, then delta debugging (Zeller and Hildebrandt, 2002) over faults, holds, partitions,
 * records, processes and brokers, then plainer values, then pairs, until nothing more can go. It
 * runs nothing by itself, so that a search and a property of fast-check shrink in the same way.
 */
export class Reduction {
  /** Candidates so far. */
  runs = 0
  /** Every single removal from the smallest was tried, and passed. */
  proven = false
  /** The smallest that failed. */
  #schedule: Schedule
  #seen: ReductionAnswer['seen']
  readonly #options: ReductionOptions
  readonly #values: RecordValues
  /** Whether it failed, by the schedule's text. */
  readonly #tried: Map<string, boolean> = new Map()
  /** The failing schedule passed without its faults and holds. */
  #calmPasses = false
  readonly #firstMs: number

  constructor(failing: Schedule, seen: ReductionAnswer['seen'], options: ReductionOptions) {
    this.#schedule = failing
    this.#seen = seen
    this.#options = options
    this.#values = new RecordValues(options.values ?? [])
    this.#firstMs = firstAppendMs(failing)
    this.#tried.set(jsonText(failing), true)
  }

  /** The smallest schedule so far that fails as the first one did. */
  get smallest(): Schedule {
    return this.#schedule
  }

  *steps(): Moves<void> {
    if (this.#options.keepsCalm === true) {
      yield* this.#accept(calm(this.#schedule))
      this.#calmPasses = this.#tried.get(textOf(calm(this.#schedule))) === false
    }
    yield* this.#truncate()
    yield* this.#acceptAny([withFaults(this.#schedule, []), withHolds(this.#schedule, [])])
    while (yield* this.#delete()) {}
    for (;;) {
      while (yield* this.#singles()) {}
      this.proven = true
      const plainer = yield* this.#plainer()
      const values = yield* this.#recordValues()
      if (plainer || values) continue
      if (!(yield* this.#pairs())) return
    }
  }

  /**
   * Faults and holds that never acted before the violation, and records that nobody had been given
   * by then.
   */
  *#truncate(): Moves<void> {
    if (this.#seen === null) return
    const { history, skipped } = this.#seen
    const schedule = this.#schedule
    const names = new Set(namedEvents(history.events).map(({ name }) => name))
    const idle = new Set(skipped.map(({ index }) => index))
    const acted = {
      ...schedule,
      faults: schedule.faults.filter((_, index) => !idle.has(index)),
      holds: schedule.holds.filter(({ event }) => names.has(event)),
    }
    yield* this.#accept(acted)
    for (const reached of [appendedIn(history), deliveredIn(history)]) {
      const names = recordNames(this.#schedule.workload)
      const gone = new Set([...names.keys()].filter((index) => !reached.has(names[index] ?? '')))
      if (gone.size > 0) yield* this.#acceptAny(withoutRecords(this.#schedule, gone))
    }
  }

  *#delete(): Moves<boolean> {
    const faults = yield* this.#ddmin(
      () => this.#schedule.faults,
      (list) => withFaults(this.#schedule, list),
    )
    const holds = yield* this.#ddmin(
      () => this.#schedule.holds,
      (list) => withHolds(this.#schedule, list),
    )
    const partitions = yield* this.#partitions()
    const records = yield* this.#records()
    const processes = yield* this.#untilNone(() => withoutProcess(this.#schedule))
    const brokers = yield* this.#untilNone(() => withoutBroker(this.#schedule))
    return faults || holds || partitions || records || processes || brokers
  }

  /** Chunks from large to small, then one by one: what is left has no removable chunk. */
  *#ddmin<T>(list: () => readonly T[], make: (list: readonly T[]) => Schedule): Moves<boolean> {
    let changed = false
    for (let size = list().length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let start = 0; start < list().length; ) {
        const current = list()
        const rest = [...current.slice(0, start), ...current.slice(start + size)]
        if (yield* this.#accept(make(rest))) changed = true
        else start += size
      }
    }
    return changed
  }

  /** From the end, in halves, then one by one. */
  *#records(): Moves<boolean> {
    let changed = false
    const count = (): number => this.#schedule.workload.records.length
    for (let size = count() - 1; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let end = count(); end > 0; ) {
        const start = Math.max(0, end - size)
        const indexes = new Set(Array.from({ length: end - start }, (_, index) => start + index))
        if (yield* this.#acceptAny(withoutRecords(this.#schedule, indexes))) changed = true
        end = Math.min(start, count())
      }
    }
    return changed
  }

  *#partitions(): Moves<boolean> {
    let changed = false
    for (const topic of Object.keys(this.#schedule.workload.topics)) {
      changed = (yield* this.#untilNone(() => withoutPartition(this.#schedule, topic))) || changed
    }
    return changed
  }

  /** One pass over all that can go, one at a time. */
  *#singles(): Moves<boolean> {
    let changed = false
    for (let index = 0; ; ) {
      const removal = removals(this.#schedule)[index]
      if (removal === undefined) return changed
      if (yield* this.#acceptAny(removal.ways())) changed = true
      else index += 1
    }
  }

  /** Two things that only go together, for at most half of the runs that are left. */
  *#pairs(): Moves<boolean> {
    const first = removals(this.#schedule)
    if (first.length > PAIRED_MAX) return false
    const runsMax = this.runs + Math.floor((this.#runsMax - this.runs) / 2)
    for (const [index, removal] of first.entries()) {
      for (const without of removal.ways()) {
        for (const { ways } of removals(without).slice(index)) {
          if (this.runs >= runsMax) return false
          if (yield* this.#acceptAny(ways())) return true
        }
      }
    }
    return false
  }

  /** Smaller and rounder values, slot by slot. */
  *#plainer(): Moves<boolean> {
    let changed = false
    const options = {
      firstMs: this.#firstMs,
      kinds: this.#options.kinds,
      betterEvent: (fault: Fault) => this.#betterEvent(fault),
    }
    for (const slot of plainerSlots(this.#schedule, options)) {
      if (yield* this.#acceptAny(slot(this.#schedule))) changed = true
    }
    return changed
  }

  /**
   * For a fault at a message of no interest: the last handler, effect or commit event of that
   * process before it.
   */
  #betterEvent({ at }: Fault): string | null {
    if (!('event' in at) || this.#seen === null) return null
    const places = namedEvents(this.#seen.history.events)
    const index = places.findIndex(({ name }) => name === at.event)
    const place = places[index]
    if (place === undefined || interestOf(place) === 0 || !('process' in place.event)) return null
    const { process } = place.event
    const better = places
      .slice(0, index)
      .findLast((each) => interestOf(each) === 0 && 'process' in each.event && each.event.process === process)
    return better?.name ?? null
  }

  *#untilNone(make: () => readonly Schedule[]): Moves<boolean> {
    let changed = false
    while (yield* this.#acceptAny(make())) changed = true
    return changed
  }

  *#acceptAny(candidates: readonly Schedule[]): Moves<boolean> {
    for (const candidate of candidates) if (yield* this.#accept(candidate)) return true
    return false
  }

  /**
   * Each record's key, value, headers and time, as far as what they were drawn from knows plainer
   * ones.
   */
  *#recordValues(): Moves<boolean> {
    let changed = false
    for (let index = 0; index < this.#schedule.workload.records.length; index += 1) {
      while (yield* this.#plainerRecord(index)) changed = true
    }
    return changed
  }

  *#plainerRecord(index: number): Moves<boolean> {
    let tries = 0
    for (const drawn of this.#values.plainer(this.#schedule, index)) {
      tries += 1
      if (tries > VALUES_MAX) return false
      if (!(yield* this.#acceptAny(this.#values.placed(this.#schedule, index, drawn)))) continue
      this.#values.keep(drawn)
      return true
    }
    return false
  }

  /**
   * Keeps the candidate if it still fails; if not, once more with faults moved to events that did
   * happen.
   */
  *#accept(candidate: Schedule): Moves<boolean> {
    const answer = yield* this.#ask(candidate)
    if (answer === null) return false
    if (answer.fails) return (yield* this.#isSame(candidate)) && this.#keep(candidate, answer)
    if (answer.seen === null) return false
    const { history, skipped } = answer.seen
    if (skipped.length === 0 && candidate.holds.length === 0) return false
    const happened = new Set(namedEvents(history.events).map(({ name }) => name))
    const moved = reanchored(candidate, happened)
    const again = moved === null ? null : yield* this.#ask(moved)
    if (moved === null || again?.fails !== true) return false
    return (yield* this.#isSame(moved)) && this.#keep(moved, again)
  }

  /** Whether what fails is the defect that it began with: see `keepsCalm`. */
  *#isSame(failing: Schedule): Moves<boolean> {
    if (!this.#calmPasses) return true
    const alone = calm(failing)
    if (textOf(alone) === textOf(calm(this.#schedule))) return true
    yield* this.#ask(alone)
    return this.#tried.get(textOf(alone)) === false
  }

  #keep(schedule: Schedule, { seen }: ReductionAnswer): true {
    this.#schedule = schedule
    this.#seen = seen
    this.proven = false
    return true
  }

  get #runsMax(): number {
    return this.#options.runsMax ?? RUNS_MAX
  }

  /** Asks for a run of this schedule; null where it was tried before: it passed, or was larger. */
  *#ask(candidate: Schedule): Moves<ReductionAnswer | null> {
    const text = textOf(candidate)
    if (this.#tried.has(text)) return null
    this.runs += 1
    const answer = yield candidate
    this.#tried.set(text, answer.fails)
    return answer
  }
}

/** Without anything that goes wrong or comes late. */
function calm(schedule: Schedule): Schedule {
  return withHolds(withFaults(schedule, []), [])
}

function textOf(schedule: Schedule): string {
  return jsonText(schedule)
}
