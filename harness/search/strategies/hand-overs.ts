import { definitionOf, type Fault, type FaultKind, faultsOf, lengthMs } from '../../core/fault.ts'
import { actorOf, interestOf, sortOf } from '../fault-menu.ts'
import type { LearntPlace, LearntRun } from '../learnt-run.ts'
import { inTurn } from './telling.ts'

/** Silence after which an event is another step of the app, in virtual microseconds. */
const STEP_US = 50_000

/** The way of a run on which an app is not where it is without faults. */
export interface OtherPath {
  /** The process that was led there, or null. */
  readonly astray: string | null
  /** Sequence number of the event that led there last; 0: the fault itself. */
  readonly struckUntil: number
  /**
   * Where it begins with the kinds: at the one of this number in their order, or at a member that
   * joins, to which a process gives some of its partitions. Default: at the first.
   */
  readonly first?: number | 'newcomer'
}

/**
 * Each kind that hands over, after each sort of event of each process on the other path: first the
 * longest values, then the plainest. Kinds take turns.
 */
export function handOvers(run: LearntRun, path: OtherPath): readonly Fault[] {
  const { menu } = run
  const kinds = inTurnFrom(
    path.first ?? 0,
    menu.kinds.filter((kind) => definitionOf(kind).handsOver === true),
  )
  const places = placesAfter(path, run)
  const all = kinds.map((kind) =>
    telling(kind, places, run).flatMap((place) => valuesAt(kind, place, { run, path })),
  )
  const pass = (nth: number): readonly Fault[] =>
    inTurn(all.map((each) => each.flatMap((values) => values.slice(nth, nth + 1))))
  return [...pass(0), ...pass(1), ...menu.durations.outlastingMs.flatMap((_, index) => pass(index + 2))]
}

function inTurnFrom(first: number | 'newcomer', kinds: readonly FaultKind[]): readonly FaultKind[] {
  const at =
    first === 'newcomer' ? kinds.findIndex((kind) => definitionOf(kind).target.isNew === true) : first
  const start = at < 0 ? 0 : at % Math.max(1, kinds.length)
  return [...kinds.slice(start), ...kinds.slice(0, start)]
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
function valuesAt(
  kind: FaultKind,
  place: LearntPlace,
  { run: { menu }, path: { astray } }: { readonly run: LearntRun; readonly path: OtherPath },
): readonly (readonly Fault[])[] {
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
    const long = longest.filter((each) => each !== plainest && lengthMs(each) >= LONG_MS)
    return [actorOf(place) === astray ? [...long, plainest] : [plainest, ...long]]
  })
}

/**
 * Where the process astray comes to rest, for there it spends its time; then the first event of
 * each process on the other path, that of the process astray before the others; then what comes
 * when nothing has happened for a while; then what happens at once. Where the process is led astray
 * later, or several times, the first events are those behind.
 */
function placesAfter(path: OtherPath, run: LearntRun): readonly LearntPlace[] {
  const resting = restOf(path, run)
  const { astray, struckUntil } = path
  const seen = new Set<string>()
  const actors = new Map<string, LearntPlace>()
  const steps: LearntPlace[] = []
  const others: LearntPlace[] = []
  let lastUs = -STEP_US
  for (const place of run.placesAhead) {
    const actor = actorOf(place)
    const sort = `${actor} ${sortOf(place)}`
    const isStep = place.event.timeUs - lastUs >= STEP_US
    lastUs = place.event.timeUs
    if (seen.has(sort) || resting.includes(place)) continue
    if (!actors.has(actor) && actor !== 'cluster' && place.event.seq >= struckUntil) actors.set(actor, place)
    else if (isStep) steps.push(place)
    else if (isFine(place)) others.push(place)
    else continue
    seen.add(sort)
  }
  const first = [...actors].toSorted(([a], [b]) => Number(a === astray) - Number(b === astray))
  return [...resting, ...first.map(([, place]) => place), ...steps, ...others]
}

/** The last event of the process astray before it does nothing for a while. */
function restOf({ astray, struckUntil }: OtherPath, { placesAhead }: LearntRun): readonly LearntPlace[] {
  const own = placesAhead.filter((place) => actorOf(place) === astray && place.event.seq >= struckUntil)
  const last = own.findIndex(({ event }, index) => {
    const next = own[index + 1]
    return next === undefined || next.event.timeUs - event.timeUs >= STEP_US
  })
  return own.slice(last, last + 1)
}

/** Where it matters which of several events of one moment is hit: at work, commits and groups. */
function isFine(place: LearntPlace): boolean {
  const { event } = place
  if (event.kind === 'request' && event.phase !== 'sent' && event.phase !== 'applied') return false
  return interestOf(place) < 2
}
