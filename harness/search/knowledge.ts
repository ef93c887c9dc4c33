import { namedEvents } from '../core/event-name.ts'
import { FAULT_FAMILIES, type FaultKind } from '../core/fault.ts'
import type { History, HistoryEvent } from '../core/history.ts'
import type { Schedule, Workload } from '../core/schedule.ts'
import { canHold, faultsAt, type MenuContext, type Place } from './fault-menu.ts'

/** A place together with the kinds of fault that fit there. */
export interface Spot {
  readonly place: Place
  readonly kinds: readonly FaultKind[]
}

const PLACES_MAX = 3_000
const RECENT_MAX = 8
const BROKER_KINDS: ReadonlySet<FaultKind> = new Set([...FAULT_FAMILIES.network, ...FAULT_FAMILIES.broker])

export interface KnowledgeOptions {
  readonly base: Schedule
  readonly menu: MenuContext
  /** The fault-free run. */
  readonly calm: History
  /** Another workload for another seed; null where it is always the same. */
  readonly drawWorkload: ((seed: string) => Workload) | null
}

/**
 * What strategies know: the fault-free run, and what other runs have shown since. Everything is indexed when it is
 * learnt, so that drawing a schedule costs microseconds.
 */
export class Knowledge {
  readonly base: Schedule
  readonly menu: MenuContext
  readonly drawWorkload: KnowledgeOptions['drawWorkload']
  /** Named events of the fault-free run, in order. */
  readonly calm: readonly Place[]
  /** Processes and brokers, each with the places that are its own. */
  readonly actors: (readonly Spot[])[] = []
  /** Places of each kind of fault. */
  readonly byKind: Map<FaultKind, Place[]> = new Map()
  /** Of each of the last runs learnt from: the places that can be held, in order. The fault-free run stays the first. */
  readonly recent: (readonly Place[])[] = []
  readonly #spots: Map<string, Spot[]> = new Map()
  readonly #names: Set<string> = new Set()
  #learnt = 0

  constructor({ base, menu, calm, drawWorkload }: KnowledgeOptions) {
    this.base = base
    this.menu = menu
    this.drawWorkload = drawWorkload
    this.calm = this.learn(calm)
  }

  learn({ events }: History): readonly Place[] {
    const places = namedEvents(events)
    for (const place of places) {
      if (this.#names.size >= PLACES_MAX) break
      if (this.#names.has(place.name)) continue
      this.#names.add(place.name)
      this.#index(place)
    }
    const holdable = places.filter(canHold)
    if (holdable.length > 0) this.#remember(holdable)
    return places
  }

  #remember(holdable: readonly Place[]): void {
    const slot = this.#learnt < RECENT_MAX ? this.#learnt : 1 + (this.#learnt % (RECENT_MAX - 1))
    this.recent[slot] = holdable
    this.#learnt += 1
  }

  #index(place: Place): void {
    const kinds = this.menu.kinds.filter((kind) => faultsAt(kind, place, this.menu).length > 0)
    for (const kind of kinds) {
      const known = this.byKind.get(kind)
      if (known === undefined) this.byKind.set(kind, [place])
      else known.push(place)
    }
    const broker = kinds.filter((kind) => BROKER_KINDS.has(kind))
    for (const actor of actorsOf(place.event)) {
      const its = actor.startsWith('broker-') ? broker : kinds
      if (its.length > 0) this.#add(actor, { place, kinds: its })
    }
  }

  #add(actor: string, spot: Spot): void {
    const known = this.#spots.get(actor)
    if (known !== undefined) {
      known.push(spot)
      return
    }
    const made = [spot]
    this.#spots.set(actor, made)
    this.actors.push(made)
  }
}

/** A request belongs to its process and to its broker; what has no process belongs to the cluster. */
function actorsOf(event: HistoryEvent): readonly string[] {
  if (event.kind === 'request') return [event.process, event.broker]
  return 'process' in event && event.process !== null ? [event.process] : ['cluster']
}
