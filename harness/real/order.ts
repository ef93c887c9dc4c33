import { eventName } from '../core/event-names.ts'
import type { HistoryEvent, TopicPartition } from '../core/history.ts'
import { partitionName, recordName, requestName } from '../core/names.ts'
import type { OutsideStep } from '../run/scheduler.interface.ts'

/** An item in the order of a run: an event, or a step of a call to the outside world. */
export interface OrderItem {
  readonly name: string
  /** The process that it belongs to; null: a fault, which everything waits for. */
  readonly process: string | null
  /** The partition that it is about, or null. */
  readonly place: string | null
  /** Waits for what any process did at this place before it. */
  readonly after?: string
  /** Goes on at once where the simulated run did not have it; other such items wait for all. */
  readonly free?: true
}

/**
 * Requests whose order against everything else is kept: they decide what is lost and what is done
 * twice.
 */
const ORDERED: ReadonlySet<string> = new Set(['OffsetCommit', 'TxnOffsetCommit', 'EndTxn'])

/** Requests of a transaction that decide what others read. */
const DECIDING: ReadonlySet<string> = new Set(['TxnOffsetCommit', 'EndTxn'])

/** Reads what has been committed: which commits it sees is their order among each other. */
const READING = 'OffsetFetch'

/**
 * How many of the requests by which groups come about have an order, over all processes: the first
 * to join leads the first generation, and in KIP-848 each join makes an epoch, which the others
 * learn with their next heartbeat.
 */
const FIRST: ReadonlyMap<string, number> = new Map([
  ['JoinGroup', 2],
  ['ConsumerGroupHeartbeat', 3],
])

/** With this a heartbeat's answer tells a member of a classic group to join again. */
const TOLD = 'REBALANCE_IN_PROGRESS'

interface NamedRequest {
  readonly process: string
  readonly api: string
  readonly ordinal: number
}

/** The place of a request that a broker takes up, or null where it has none. */
export function receivedItem({ process, api, ordinal }: NamedRequest): OrderItem | null {
  const name = `${requestName({ process, api, ordinal })} received`
  if (DECIDING.has(api)) return { name, process, place: null, after: READING }
  if (ORDERED.has(api)) return { name, process, place: null }
  if (api === READING) return { name, process, place: api, free: true }
  return ordinal <= (FIRST.get(api) ?? 0) ? { name, process, place: api, free: true } : null
}

/** The place of an answer that reaches its process, or null where it has none. */
export function acknowledgedItem({ process, api, ordinal }: NamedRequest): OrderItem | null {
  const item = { name: `${requestName({ process, api, ordinal })} acknowledged`, process, place: null }
  if (ORDERED.has(api)) return item
  return isFirstBeat({ process, api, ordinal }) ? { ...item, free: true } : null
}

/**
 * The place of a request that a broker has taken up, or null where it has none: on two connections,
 * the first to arrive need not be the first to be done.
 */
function appliedItem({ process, api, ordinal }: NamedRequest): OrderItem | null {
  const name = `${requestName({ process, api, ordinal })} applied`
  if (ORDERED.has(api)) return { name, process, place: null }
  return api === READING || isFirstBeat({ process, api, ordinal }) ? { name, process, place: api } : null
}

/**
 * A member that is told of a rebalance drops what it has in hand: a commit of what it does
 * meanwhile comes before that or after it. Nothing else waits for it: a member may learn of the
 * rebalance in another way here.
 */
function toldItem({
  process,
  api,
  error,
}: NamedRequest & { readonly error: string | null }): OrderItem | null {
  if (api !== 'Heartbeat' || error !== TOLD) return null
  return { name: `${process} told of a rebalance`, process, place: 'rebalance' }
}

function isFirstBeat({ api, ordinal }: NamedRequest): boolean {
  return api === 'ConsumerGroupHeartbeat' && ordinal <= (FIRST.get(api) ?? 0)
}

/** The event's place in the order, or null where it has none. */
export function itemOf(event: HistoryEvent): OrderItem | null {
  switch (event.kind) {
    case 'fault':
      return event.phase === 'begins' ? { name: `fault ${event.index}`, process: null, place: null } : null
    case 'request':
      if (event.phase === 'received') return receivedItem(event)
      if (event.phase === 'applied') return appliedItem(event)
      return event.phase === 'acknowledged' ? (toldItem(event) ?? acknowledgedItem(event)) : null
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

export function itemOfStep({ process, phase, record }: OutsideStep): OrderItem {
  const place = record === null ? null : partitionName(record)
  const what = record === null ? 'store' : `effect ${recordName(record)}`
  return { name: `${process} ${what} ${phase}`, process, place }
}

function about(event: TopicPartition & { readonly process: string }, name: string): OrderItem {
  return { name, process: event.process, place: partitionName(event) }
}

/**
 * Whether `later` has to wait for `earlier`, which came before it in the simulated run: faults,
 * what is about the same partition, and what of its own process is about none. A total order is too
 * strict: which partition a Fetch brings first is the broker's to say.
 */
export function waitsFor(later: OrderItem, earlier: OrderItem): boolean {
  if (earlier.process === null || (later.after !== undefined && earlier.place === later.after)) return true
  const same = later.process === earlier.process
  if (later.place === null || earlier.place === null) return same
  return later.place === earlier.place
}
