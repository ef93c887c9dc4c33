import { namedEvents } from '../core/event-names.ts'
import { definitionOf, FAULT_FAMILIES, type FaultKind, faultsOf } from '../core/fault.ts'
import { FAMILY_NAMES, familyOf } from '../core/faults/families.ts'
import type { HistoryEvent } from '../core/history.ts'
import { parseBrokerName } from '../core/names.ts'
import { appOf, appsOf, withProcesses } from '../core/processes.ts'
import type { Schedule, Workload } from '../core/schedule.ts'
import type { RunResult } from '../run/run.interface.ts'
import { canHold, type Menu } from './fault-menu.ts'

/** A named event of this run. */
export interface LearntPlace {
  readonly name: string
  readonly event: HistoryEvent
}

/** Places of one process or broker. */
export interface Actor {
  readonly places: readonly LearntPlace[]
  /**
   * Kinds that one could ask for here, by family: the network has ten, and the crash is alone in
   * its own.
   */
  readonly families: readonly (readonly FaultKind[])[]
}

/** The parts of a run from which a search learns. */
export type LearntFrom = Pick<RunResult, 'schedule' | 'history'>

/**
 * A run that strategies build on. What they ask for is worked out when they first ask: most runs
 * are never used.
 */
export class LearntRun {
  readonly schedule: Schedule
  readonly menu: Menu
  readonly #events: readonly HistoryEvent[]
  /** Sequence number of the event behind which faults are added; null: the last fault. */
  readonly from: number | null
  #places: readonly LearntPlace[] | null = null
  #holdable: readonly LearntPlace[] | null = null
  #actors: readonly Actor[] | null = null
  #byKind: Map<FaultKind, readonly LearntPlace[]> | null = null

  constructor({ schedule, history }: LearntFrom, menu: Menu, from: number | null = null) {
    this.schedule = schedule
    this.from = from
    this.#events = history.events
    const { brokers, clusters } = schedule.workload
    const { consumers, apps } = withJoined(schedule)
    this.menu = { ...menu, brokers, clusters, consumers, apps }
  }

  /** Named events up to the drain, in order: what happens in the drain is nobody's to disturb. */
  get places(): readonly LearntPlace[] {
    this.#places ??= namedEvents(untilDrain(this.#events))
    return this.#places
  }

  get holdable(): readonly LearntPlace[] {
    this.#holdable ??= this.places.filter(canHold)
    return this.#holdable
  }

  /**
   * Processes and brokers, each with its places from the last fault on: a fault there leaves
   * everything before it unchanged, so it does act.
   */
  get actors(): readonly Actor[] {
    this.#actors ??= this.#findActors()
    return this.#actors
  }

  /** Places where faults of this kind fit. */
  placesOf(kind: FaultKind): readonly LearntPlace[] {
    this.#byKind ??= new Map()
    const known = this.#byKind.get(kind)
    if (known !== undefined) return known
    const found = this.placesAhead.filter((place) => faultsOf(kind, place, this.menu).length > 0)
    this.#byKind.set(kind, found)
    return found
  }

  #findActors(): Actor[] {
    const places = new Map<string, LearntPlace[]>()
    for (const place of this.placesAhead) {
      for (const actor of actorsOf(place.event)) {
        const known = places.get(actor)
        if (known === undefined) places.set(actor, [place])
        else known.push(place)
      }
    }
    const all = this.#families(Object.values(FAULT_FAMILIES))
    const atBrokers = FAMILY_NAMES.filter((name) => familyOf(name).atBrokers)
    const atBroker = this.#families(atBrokers.map((name) => FAULT_FAMILIES[name]))
    return [...places].map(([name, its]) => ({
      places: its,
      families: parseBrokerName(name) === null ? all : atBroker,
    }))
  }

  #families(families: readonly (readonly FaultKind[])[]): readonly (readonly FaultKind[])[] {
    const allowed = families.map((family) => family.filter((kind) => this.menu.kinds.includes(kind)))
    return allowed.filter((family) => family.length > 0)
  }

  /** Those behind `from`, or else from the last fault on; all of them where there are none. */
  get placesAhead(): readonly LearntPlace[] {
    const last = this.from ?? this.#events.findLast(isBegun)?.seq
    if (last === undefined) return this.places
    const after = this.places.filter(({ event }) => event.seq > last)
    return after.length === 0 ? this.places : after
  }
}

/** The workload of this schedule with the processes that join. */
function withJoined({ workload, faults }: Schedule): Workload {
  const joined = faults.filter(({ kind }) => definitionOf(kind).target.isNew)
  return joined.reduce((before, { target }) => {
    const app = appOf(target)
    return withProcesses(before, app, (appsOf(before)[app]?.processes ?? 0) + 1)
  }, workload)
}

function isBegun(event: HistoryEvent): boolean {
  return event.kind === 'fault' && event.phase === 'begins'
}

function untilDrain(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const drain = events.findIndex((event) => event.kind === 'phase' && event.phase === 'drain')
  return drain === -1 ? events : events.slice(0, drain)
}

/**
 * A request belongs to its process and to its broker; what has no process belongs to the cluster.
 */
function actorsOf(event: HistoryEvent): readonly string[] {
  if (event.kind === 'request') return [event.process, event.broker]
  return 'process' in event && event.process !== null ? [event.process] : ['cluster']
}
