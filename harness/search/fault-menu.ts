import { COMMIT_APIS, GROUP_APIS, isWritten } from '../core/apis.ts'
import { definitionOf, type FaultKind } from '../core/fault.ts'
import type { Place, Surroundings } from '../core/faults/place.ts'

/** The faults that a search may place, and the surroundings. */
export interface Menu extends Surroundings {
  readonly kinds: readonly FaultKind[]
  /**
   * A hold reorders and breaks nothing: all are shorter than any timeout, a heartbeat's interval
   * included.
   */
  readonly holdMs: readonly [number, number, number, number]
}

export const INTERESTS = [0, 1, 2, 3] as const

/** How telling an event is: 0 first. */
export function interestOf({ event }: Place): (typeof INTERESTS)[number] {
  switch (event.kind) {
    case 'request':
      if (COMMIT_APIS.has(event.api)) return 0
      // The leader says that it has a record which other replicas may still lack.
      if (isWritten(event)) return 0
      if (event.api === 'Fetch' || event.api === 'OffsetFetch') return 2
      return GROUP_APIS.has(event.api) ? 1 : 3
    case 'call':
      return event.phase === 'received' || event.phase === 'lost' ? 3 : 0
    case 'generation':
    case 'rebalance':
    case 'believes':
    case 'process-terminating':
    case 'consumer-crashed':
      return 1
    case 'append':
      return 2
    case 'process-started':
      return 3
    default:
      return 0
  }
}

/**
 * Events of one sort differ only in whose and which: `OffsetCommit applied`, `db COMMIT sent`,
 * `handler-start`.
 */
export function sortOf({ event }: Place): string {
  if (event.kind === 'request') return `${event.api} ${event.phase}`
  if (event.kind === 'call') return `${event.service} ${event.operation} ${event.phase}`
  return event.kind
}

/**
 * Whether a sweep places this kind here: some kinds only at commits, groups, handlers and the first
 * of each request.
 */
export function isSwept(kind: FaultKind, place: Place): boolean {
  if (definitionOf(kind).target.swept === 'each') return true
  const { event } = place
  if (event.kind === 'call') return event.phase === 'sent'
  if (event.kind === 'request') {
    if (event.phase !== 'sent' && !isWritten(event)) return false
    return interestOf(place) < 2 || event.ordinal === 1
  }
  return event.kind === 'handler-start' || event.kind === 'batch-start' || event.kind === 'believes'
}

/** Names at which a hold delays something: a request on its way, its answer, a handler. */
export function canHold({ event }: Place): boolean {
  if (event.kind === 'handler-start' || event.kind === 'batch-start') return true
  if (event.kind !== 'request' && event.kind !== 'call') return false
  return event.phase === 'sent' || event.phase === 'applied'
}

/** The process that the event belongs to. */
export function actorOf({ event }: Place): string {
  return 'process' in event && event.process !== null ? event.process : 'cluster'
}
