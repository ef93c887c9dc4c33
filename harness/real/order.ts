import { eventName } from '../core/event-names.ts'
import type { HistoryEvent, TopicPartition } from '../core/history.ts'
import { partitionName, recordName } from '../core/names.ts'
import type { OutsideStep } from '../run/scheduler.interface.ts'

/** An item in the order of a run: an event, or a step of a call to the outside world. */
export interface Item {
  readonly name: string
  /** The process that it belongs to; null: a fault, which everything waits for. */
  readonly process: string | null
  /** The partition that it is about, or null. */
  readonly place: string | null
}

/**
 * Requests whose order against everything else is kept: they decide what is lost and what is done
 * twice.
 */
const ORDERED: ReadonlySet<string> = new Set(['OffsetCommit', 'TxnOffsetCommit', 'EndTxn'])

export function isOrdered(api: string): boolean {
  return ORDERED.has(api)
}

/** A process asks for its member id, then joins: the first to do so leads the first generation. */
const FIRST_JOINS = 2

/** The place of a request that a broker takes up, or null where it has none. */
export function receivedItem(request: {
  readonly process: string
  readonly api: string
  readonly ordinal: number
}): Item | null {
  const { process, api, ordinal } = request
  const name = `${process} ${api}#${ordinal} received`
  if (isOrdered(api)) return { name, process, place: null }
  return api === 'JoinGroup' && ordinal <= FIRST_JOINS ? { name, process, place: api } : null
}

/** The event's place in the order, or null where it has none. */
export function itemOf(event: HistoryEvent): Item | null {
  switch (event.kind) {
    case 'fault':
      return event.phase === 'begins' ? { name: `fault ${event.index}`, process: null, place: null } : null
    case 'request':
      if (event.phase === 'received') return receivedItem(event)
      if (!isOrdered(event.api) || event.phase === 'sent' || event.phase === 'lost') return null
      return { name: eventName(event) ?? '', process: event.process, place: null }
    case 'handler-start':
    case 'handler-end':
    case 'handler-failure':
    case 'batch-start':
    case 'batch-end':
    case 'resolved':
    case 'effect':
    case 'effect-failure':
      return about(event, eventName(event) ?? '')
    default:
      return null
  }
}

export function itemOfStep({ process, phase, record }: OutsideStep): Item {
  const place = record === null ? null : partitionName(record)
  const what = record === null ? 'store' : `effect ${recordName(record)}`
  return { name: `${process} ${what} ${phase}`, process, place }
}

function about(event: TopicPartition & { readonly process: string }, name: string): Item {
  return { name, process: event.process, place: partitionName(event) }
}

/**
 * Whether `later` has to wait for `earlier`, which came before it in the simulated run: faults,
 * what is about the same partition, and what of its own process is about none. A total order is too
 * strict: which partition a Fetch brings first is the broker's to say.
 */
export function waitsFor(later: Item, earlier: Item): boolean {
  if (earlier.process === null) return true
  const same = later.process === earlier.process
  if (later.place === null || earlier.place === null) return same
  return later.place === earlier.place
}
