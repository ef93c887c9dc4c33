import { processOfEvent } from '../../core/event-names.ts'
import { definitionOf, type Fault, type FaultKind, faultsOf, lengthMs } from '../../core/fault.ts'
import { partitionName, requestName, requestsFrom } from '../../core/names.ts'
import type { Schedule } from '../../core/schedule.ts'
import { type Detour, detoursOf } from '../detours.ts'
import { actorOf, interestOf, sortOf } from '../fault-menu.ts'
import type { Knowledge } from '../knowledge.ts'
import type { LearntPlace, LearntRun } from '../learnt-run.ts'
import { extended } from './draw.ts'
import type { Strategy } from './strategy.interface.ts'
import { inTurn } from './telling.ts'

/** Of this many turns one runs a detour that is much like one before. */
const REPEATED_ONE_IN = 4
/** Silence after which an event is another step of the app, in virtual microseconds. */
const STEP_US = 50_000

/**
 * Two faults in order, as incidents have them: one makes the app take another path (it tries again,
 * waits, gives up), and before it is back a hand-over takes the partition or the process away. The
 * second stands in the run that the first gave, after each sort of event of each process, with the
 * longest and the plainest of its values. Deterministic; it ends when all of them are tried.
 */
export const pairs: Strategy = {
  name: 'pairs',
  followsUp: true,
  planned: () => 0,
  has: (turn, knowledge) => planOf(knowledge).at(turn) !== null,
  next: ({ turn, knowledge }) => planOf(knowledge).at(turn),
}

/** How far a search has come with its pairs. */
export interface PairsDone {
  readonly detours: { readonly done: number; readonly total: number }
  /** Of the pairs whose detour has been run. */
  readonly pairs: { readonly done: number; readonly total: number }
}

/** After so many turns of the strategy. */
export function pairsDone(knowledge: Knowledge, turns: number): PairsDone {
  return planOf(knowledge).done(turns)
}

const plans = new WeakMap<Knowledge, PairPlan>()

function planOf(knowledge: Knowledge): PairPlan {
  const known = plans.get(knowledge)
  if (known !== undefined) return known
  const made = new PairPlan(knowledge)
  plans.set(knowledge, made)
  return made
}

interface Turned {
  readonly schedule: Schedule
  readonly isPair: boolean
}

/** Name of the run without a fault. */
const CALM = 'calm'

/**
 * The schedule of each turn, fixed when it is first asked for: by then the run of a detour is
 * known, or it is not.
 */
class PairPlan {
  readonly #knowledge: Knowledge
  readonly #base: Schedule
  readonly #turns: Turned[] = []
  /** Null: the run without a fault is not known yet. */
  #detours: readonly Detour[] | null = null
  /** Detours that have not been run. */
  #waiting: Detour[] = []
  /** The rest of each detour whose run is known. */
  readonly #left: Map<Detour, Left> = new Map()
  /** Turns that have been done, and how many of them were pairs. */
  readonly #counted = { turns: 0, pairs: 0 }

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge
    this.#base = paced(knowledge.base)
    if (!knowledge.calm.menu.kinds.some((kind) => definitionOf(kind).detour !== undefined)) this.#detours = []
    else this.#turns.push(this.#turned(knowledge.want(this.#base, CALM), false))
  }

  at(turn: number): Schedule | null {
    while (this.#turns.length <= turn) {
      const made = this.#make(this.#turns.length)
      if (made === null) return null
      this.#turns.push(made)
    }
    return this.#turns[turn]?.schedule ?? null
  }

  done(turns: number): PairsDone {
    const total = [...this.#left.values()].reduce((sum, { faults }) => sum + faults.length, 0)
    // It is asked after each schedule of a search, with one more turn or none.
    for (; this.#counted.turns < turns; this.#counted.turns += 1)
      if (this.#turns[this.#counted.turns]?.isPair === true) this.#counted.pairs += 1
    return {
      detours: { done: this.#left.size, total: this.#detours?.length ?? 0 },
      pairs: { done: this.#counted.pairs, total },
    }
  }

  #make(turn: number): Turned | null {
    this.#learn()
    const [waiting] = this.#waiting
    const detour = waiting?.isRepeated === false || turn % REPEATED_ONE_IN === 0
    return (detour ? this.#nextDetour() : null) ?? this.#nextPair() ?? this.#lastDetour()
  }

  #learn(): void {
    if (this.#detours === null) {
      const calm = this.#knowledge.kept(CALM)
      if (calm === undefined) return
      this.#detours = detoursOf(calm, this.#knowledge.shard)
      this.#waiting = [...this.#detours]
    }
    for (const detour of this.#detours) {
      if (this.#left.has(detour)) continue
      const run = this.#knowledge.kept(detour.name)
      if (run === undefined) continue
      const weight = detour.isRepeated ? WEIGHT_OF_REPEATED : 1
      this.#left.set(detour, { detour, faults: handOvers(detour, run), weight, next: 0 })
    }
  }

  #nextDetour(): Turned | null {
    const next = this.#waiting.shift()
    if (next === undefined) return null
    return this.#turned(this.#knowledge.want(this.#scheduleOf(next), next.name), false)
  }

  /** Where all pairs of those that are known have been tried. */
  #lastDetour(): Turned | null {
    return this.#left.size === 0 ? null : this.#nextDetour()
  }

  /** Detours in turn, those that are much like another one less often. */
  #nextPair(): Turned | null {
    let chosen: Left | null = null
    for (const left of this.#left.values()) {
      if (left.next >= left.faults.length) continue
      if (chosen === null || (left.next + 1) * left.weight < (chosen.next + 1) * chosen.weight) chosen = left
    }
    const second = chosen?.faults[chosen.next]
    if (chosen === null || second === undefined) return null
    chosen.next += 1
    return this.#turned(extended(this.#scheduleOf(chosen.detour), { faults: [second] }), true)
  }

  #scheduleOf({ fault }: Detour): Schedule {
    return { ...this.#base, faults: [fault] }
  }

  #turned(schedule: Schedule, isPair: boolean): Turned {
    return { schedule, isPair }
  }
}

/** The last record of a partition comes so late: after a session has expired. */
const PACED_MS = 60_000
/** With as many records in a partition, its first two come at once. */
const AT_ONCE_FROM = 4

/**
 * Where all records are there from the start, a detour finds nothing left to do when it is over:
 * here each comes after a longer time than the one before, so that whatever an app waits for, some
 * come meanwhile and some afterwards. A scenario that says when its records come is left as it is.
 */
function paced(base: Schedule): Schedule {
  const { workload } = base
  const [first] = workload.records
  if (first === undefined || workload.records.some(({ atMs }) => atMs !== first.atMs)) return base
  const seen = new Map<string, number>()
  const inAll = Map.groupBy(workload.records, partitionName)
  const records = workload.records.map((record) => {
    const place = partitionName(record)
    const before = seen.get(place) ?? 0
    seen.set(place, before + 1)
    const count = inAll.get(place)?.length ?? 1
    const together = count >= AT_ONCE_FROM ? 1 : 0
    return { ...record, atMs: record.atMs + pacedMs(before - together, count - together) }
  })
  const inTime = records.toSorted((a, b) => a.atMs - b.atMs)
  return { ...base, workload: { ...workload, records: inTime } }
}

/** Geometric, in whole tenths of a second: from 0 to `PACED_MS`. */
function pacedMs(index: number, count: number): number {
  if (index <= 0 || count < 2) return 0
  const seconds = (PACED_MS / 1_000 + 1) ** (index / (count - 1)) - 1
  return Math.round(seconds * 10) * 100
}

/** Hand-overs behind one detour that are not tried yet. */
interface Left {
  readonly detour: Detour
  readonly faults: readonly Fault[]
  readonly weight: number
  next: number
}

const WEIGHT_OF_REPEATED = 12

/**
 * Each kind that hands over, after each sort of event of each process behind the detour: first the
 * longest values, then the plainest. Kinds take turns.
 */
function handOvers({ fault }: Detour, run: LearntRun): readonly Fault[] {
  const { menu } = run
  const kinds = menu.kinds.filter((kind) => definitionOf(kind).handsOver === true)
  const places = placesAfter(fault, run)
  const all = kinds.map((kind) => telling(kind, places, run).flatMap((place) => valuesAt(kind, place, run)))
  const pass = (nth: number): readonly Fault[] =>
    inTurn(all.map((each) => each.flatMap((values) => values.slice(nth, nth + 1))))
  return [...pass(0), ...pass(1), ...menu.durations.outlastingMs.flatMap((_, index) => pass(index + 2))]
}

/** A fault that is done to no process is the same at all events of one moment. */
function telling(
  kind: FaultKind,
  places: readonly LearntPlace[],
  { menu }: LearntRun,
): readonly LearntPlace[] {
  const { isNew, processOf } = definitionOf(kind).target
  if (isNew !== true && processOf !== undefined) return places
  const fitting: LearntPlace[] = []
  for (const place of places) {
    if (faultsOf(kind, place, menu).length === 0) continue
    const us = place.event.timeUs
    if (fitting.every(({ event }) => Math.abs(event.timeUs - us) >= STEP_US)) fitting.push(place)
  }
  return fitting
}

/** A shorter value is much like the plainest. */
const LONG_MS = 10_000

/**
 * Of each target the longest value, where it is long, and those that outlast what the app relies
 * on; then the plainest; a link both ways.
 */
function valuesAt(kind: FaultKind, place: LearntPlace, { menu }: LearntRun): readonly (readonly Fault[])[] {
  const { subject = (target: string) => target } = definitionOf(kind).target
  const { durations } = menu
  const bySubject = Map.groupBy(faultsOf(kind, place, menu), ({ target }) => subject(target))
  return [...bySubject.values()].flatMap((options) => {
    const [plainest] = options
    if (plainest === undefined) return []
    const same = options.filter(({ target }) => target === plainest.target)
    const longest = same
      .toSorted((a, b) => lengthMs(b) - lengthMs(a))
      .slice(0, 1 + durations.outlastingMs.length)
    return [[...longest.filter((each) => each !== plainest && lengthMs(each) >= LONG_MS), plainest]]
  })
}

/**
 * The first event of each process behind the detour, that of the process on the detour before the
 * others; then what comes when nothing has happened for a while; then what happens at once. Where
 * the detour strikes later than it is armed, or several times, the first events are those behind.
 */
function placesAfter(fault: Fault, run: LearntRun): readonly LearntPlace[] {
  const { at } = fault
  const astray = 'event' in at ? processOfEvent(at.event) : null
  const struckUntil = lastStrike(fault, run)
  const seen = new Set<string>()
  const actors = new Map<string, LearntPlace>()
  const steps: LearntPlace[] = []
  const others: LearntPlace[] = []
  let lastUs = -STEP_US
  for (const place of run.afterLastFault) {
    const actor = actorOf(place)
    const sort = `${actor} ${sortOf(place)}`
    const isStep = place.event.timeUs - lastUs >= STEP_US
    lastUs = place.event.timeUs
    if (seen.has(sort)) continue
    if (!actors.has(actor) && actor !== 'cluster' && place.event.seq >= struckUntil) actors.set(actor, place)
    else if (isStep) steps.push(place)
    else if (isFine(place)) others.push(place)
    else continue
    seen.add(sort)
  }
  const first = [...actors].toSorted(([a], [b]) => Number(b === astray) - Number(a === astray))
  return [...first.map(([, place]) => place), ...steps, ...others]
}

/**
 * Sequence number of the last answer that the detour has spoilt, if it spoils several, or of the
 * event that shows it at work; 0: none does.
 */
function lastStrike(fault: Fault, { afterLastFault }: LearntRun): number {
  const { target, shownBy } = definitionOf(fault.kind)
  if (target.followsMoment === true && 'times' in fault && typeof fault.times === 'number') {
    const spoilt = new Set(requestsFrom(fault.target, fault.times))
    const answers = afterLastFault.filter(
      ({ event }) =>
        event.kind === 'request' && event.phase === 'acknowledged' && spoilt.has(requestName(event)),
    )
    return answers.at(-1)?.event.seq ?? 0
  }
  const shown = afterLastFault.find(({ event }) => event.kind !== 'fault' && shownBy?.(event, fault.target))
  return shown?.event.seq ?? 0
}

/** Where it matters which of several events of one moment is hit: at work, commits and groups. */
function isFine(place: LearntPlace): boolean {
  const { event } = place
  if (event.kind === 'request' && event.phase !== 'sent' && event.phase !== 'applied') return false
  return interestOf(place) < 2
}
