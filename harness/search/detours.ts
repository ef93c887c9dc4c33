import { COMMIT_APIS } from '../core/apis.ts'
import { definitionOf, type Fault, type FaultKind, faultsOf } from '../core/fault.ts'
import { pause } from '../core/faults/pause.ts'
import type { Place } from '../core/faults/place.ts'
import { jsonText } from '../core/json.ts'
import { partitionName } from '../core/names.ts'
import { appOf } from '../core/processes.ts'
import { actorOf, sortOf } from './fault-menu.ts'
import type { LearntRun } from './learnt-run.ts'
import type { Shard } from './shard.ts'
import { inTurn } from './strategies/telling.ts'

/** One fault that makes the app take another path. */
export interface Detour {
  /** Of its run. */
  readonly name: string
  readonly fault: Fault
  /** Another one of its kind stands at an event of the same sort before it. */
  readonly isRepeated: boolean
}

/**
 * Faults that make the app take another path, each kind at the first event of each sort and
 * process, and at one in the middle; those that are much like another one come last. Of a search
 * in parts, those of this part.
 */
export function detoursOf(calm: LearntRun, shard: Shard | undefined): readonly Detour[] {
  return allDetours(calm).filter((_, index) => shard === undefined || index % shard.of === shard.index - 1)
}

/**
 * Failures of calls that an app makes on its other path only (it writes to a dead-letter topic, it
 * asks another service): the code behind an error is the least tried of all.
 */
export function failuresOnTheWay(run: LearntRun, calm: LearntRun): readonly Fault[] {
  const known = new Set(calm.places.map(sortInApp))
  const places = run.placesAhead.filter(
    (place) =>
      (place.event.kind === 'request' || place.event.kind === 'call') && !known.has(sortInApp(place)),
  )
  return allDetours({ places, menu: run.menu }).map(({ fault }) => fault)
}

function sortInApp(place: Place): string {
  return `${appOf(actorOf(place))} ${sortOf(place)}`
}

function allDetours(run: Pick<LearntRun, 'menu' | 'places'>): readonly Detour[] {
  const kinds = run.menu.kinds.filter((kind) => definitionOf(kind).detour !== undefined)
  const all = kinds.flatMap((kind) =>
    (definitionOf(kind).detour ?? []).map((values) => detoursAt(kind, values, run)),
  )
  return [false, true].flatMap((repeated) =>
    inTurn(all.map((each) => each.filter(({ isRepeated }) => isRepeated === repeated))),
  )
}

/** Whether these are values of the fault. */
export function hasValues(fault: Fault, values: object): boolean {
  const own = new Map<string, unknown>(Object.entries(fault))
  return Object.entries(values).every(([name, value]) => own.get(name) === value)
}

function nameOf(fault: Fault): string {
  return jsonText(fault)
}

function detoursAt(
  kind: FaultKind,
  values: object,
  run: Pick<LearntRun, 'menu' | 'places'>,
): readonly Detour[] {
  const isPlain = Object.keys(values).length === 0
  const places = run.places.filter((place) => leadsAstray(kind, place) && (isPlain || isWork(place)))
  const groups = [...Map.groupBy(places, (place) => `${actorOf(place)} ${sortOf(place)}`).values()]
  // The first of all groups, then another one of each.
  const inOrder = [
    ...groups.flatMap((group) => group.slice(0, 1)),
    ...groups.flatMap((group) => group.slice(elsewhere(group)).slice(0, 1)),
  ]
  // What the client does not repair meets the app's own state, and not each process has the same.
  const kindOfPlace = (place: Place): string =>
    isPlain ? sortOf(place) : `${actorOf(place)} ${sortOf(place)}`
  const sorts = new Set<string>()
  const found = new Map<string, Detour>()
  for (const place of inOrder) {
    const fault = faultsOf(kind, place, run.menu).find((each) => hasValues(each, values))
    if (fault === undefined || found.has(nameOf(fault))) continue
    found.set(nameOf(fault), { name: nameOf(fault), fault, isRepeated: sorts.has(kindOfPlace(place)) })
    sorts.add(kindOfPlace(place))
  }
  return [...found.values()]
}

/**
 * Index of the first in another partition than the first of all, which may stay where that one
 * goes; where there is none, of the one in the middle.
 */
function elsewhere(group: readonly Place[]): number {
  const partitions = group.map(({ event }) =>
    event.kind === 'handler-start' || event.kind === 'batch-start' ? partitionName(event) : '',
  )
  const other = partitions.findIndex((each) => each !== partitions[0])
  return other === -1 ? group.length >> 1 : other
}

/**
 * Requests by which an app says what it has done, or that it is still there. What it reads again
 * leads nowhere else.
 */
const TOLD: ReadonlySet<string> = new Set([
  ...COMMIT_APIS,
  'Produce',
  'AddPartitionsToTxn',
  'EndTxn',
  'InitProducerId',
  'Heartbeat',
])

/** A member whose heartbeats are refused for good starts again: that is a hand-over by itself. */
function isWork({ event }: Place): boolean {
  return event.kind !== 'request' || event.api !== 'Heartbeat'
}

function leadsAstray(kind: FaultKind, { event }: Place): boolean {
  if (event.kind === 'handler-start' || event.kind === 'batch-start') return true
  const isOfRequest = definitionOf(kind).target.followsMoment === true
  if (event.kind === 'call') return isOfRequest && event.phase === 'sent'
  if (event.kind !== 'request' || event.phase !== 'sent') return false
  return isOfRequest ? TOLD.has(event.api) : COMMIT_APIS.has(event.api) && kind === pause.kind
}
