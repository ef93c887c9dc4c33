import { partitionName, recordName } from '../core/event-name.ts'
import type { Fault, FaultKind, InjectableError } from '../core/fault.ts'
import type { EventOf, HistoryEvent } from '../core/history.ts'
import type { Workload } from '../core/schedule.ts'

/** A named event at which faults can be placed. */
export interface Place {
  readonly name: string
  readonly event: HistoryEvent
}

export interface MenuContext {
  readonly kinds: readonly FaultKind[]
  readonly workload: Workload
  readonly consumed: readonly string[]
  /** Group ids that were seen. */
  readonly groups: readonly string[]
}

/**
 * Values around the thresholds that matter: sessions of 30 s, rebalances of 60 s, request timeouts of 30 s, heartbeats
 * of 3 s (kafkajs's defaults). The first of each list is the one that a sweep uses.
 */
const RESTART_MS = [1_000, 100, 40_000] as const
const PAUSE_MS = [45_000, 5_000, 100_000] as const
const SLOW_MS = [40_000, 4_000, 70_000] as const
const DELAY_MS = [5_000, 500, 35_000] as const
const CUT_MS = [35_000, 2_000, 70_000] as const
const LATENCY_MS = [500, 5_000] as const
const DOWN_MS = [10_000, 45_000] as const

const GROUP_APIS = new Set([
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'LeaveGroup',
  'OffsetCommit',
  'OffsetFetch',
])
const GROUP_ERRORS: readonly InjectableError[] = [
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
]
const REBALANCE_APIS = new Set(['SyncGroup', 'Heartbeat', 'OffsetCommit'])
const LEADER_APIS = new Set(['Fetch', 'Produce', 'ListOffsets'])
const PROCESS_PHASES = new Set(['sent', 'applied', 'acknowledged'])

/** How telling an event is: 0 first. */
export function interestOf({ event }: Place): number {
  if (event.kind === 'request') {
    if (event.api === 'OffsetCommit') return 0
    if (GROUP_APIS.has(event.api) && event.api !== 'OffsetFetch') return 1
    return event.api === 'Fetch' || event.api === 'OffsetFetch' ? 2 : 3
  }
  return event.kind === 'append' ? 2 : 0
}

/** Every fault of this kind that makes sense at this event, the plainest first. */
export function faultsAt(kind: FaultKind, place: Place, context: MenuContext): readonly Fault[] {
  const { event } = place
  const at = { event: place.name }
  switch (kind) {
    case 'crash':
      return processOf(event).flatMap((target) =>
        RESTART_MS.map((restartMs) => ({ kind, target, at, restartMs })),
      )
    case 'pause':
      return processOf(event).flatMap((target) =>
        PAUSE_MS.map((durationMs) => ({ kind, target, at, durationMs })),
      )
    case 'graceful-restart':
      return processOf(event).flatMap((target) =>
        RESTART_MS.slice(0, 2).map((restartMs) => ({ kind, target, at, restartMs })),
      )
    case 'join':
      return processOf(event).map(() => ({ kind, target: `consumer-${context.workload.consumers}`, at }))
    case 'leave':
      return context.workload.consumers < 2 ? [] : processOf(event).map((target) => ({ kind, target, at }))
    case 'slow-handler':
      return recordsOf(event).flatMap((target) =>
        SLOW_MS.map((durationMs) => ({ kind, target, at, durationMs })),
      )
    case 'handler-error':
      return recordsOf(event).map((target) => ({ kind, target, at, times: 'once' as const }))
    case 'effect-error':
      return recordsOf(event).map((target) => ({ kind, target, at, times: 'once' as const }))
    case 'effect-ack-lost':
      return recordsOf(event).map((target) => ({ kind, target, at }))
    case 'malformed-record':
      return event.kind === 'append' && event.process === null
        ? [{ kind, target: recordName(event), at: { atMs: 0 } }]
        : []
    case 'link-latency':
      return linkOf(event).flatMap((target) =>
        LATENCY_MS.map((extraMs) => ({ kind, target, at, extraMs, durationMs: 30_000 })),
      )
    case 'link-cut':
      return linkOf(event).flatMap((both) =>
        cuts(both).flatMap((target) => CUT_MS.map((durationMs) => ({ kind, target, at, durationMs }))),
      )
    case 'link-reset':
      return linkOf(event).map((target) => ({ kind, target, at }))
    case 'link-refuse':
      return linkOf(event).map((target) => ({ kind, target, at, durationMs: 10_000 }))
    case 'request-lost':
    case 'answer-lost':
    case 'disconnect-before':
    case 'disconnect-after':
      return requestOf(event).map((target) => ({ kind, target, at }))
    case 'request-delayed':
    case 'answer-delayed':
      return requestOf(event).flatMap((target) =>
        DELAY_MS.map((durationMs) => ({ kind, target, at, durationMs })),
      )
    case 'request-error':
      return requestOf(event).flatMap((target) =>
        errorsFor(event).map((error) => ({ kind, target, at, error })),
      )
    case 'broker-down':
      return sentRequest(event).flatMap(({ broker }) =>
        DOWN_MS.map((durationMs) => ({ kind, target: broker, at, durationMs })),
      )
    case 'leader-moved':
      return context.workload.brokers < 2 || event.kind !== 'handler-start'
        ? []
        : [{ kind, target: partitionName(event), at }]
    case 'coordinator-moved':
      return sentRequest(event).flatMap(({ api }) =>
        GROUP_APIS.has(api) ? context.groups.map((target) => ({ kind, target, at })) : [],
      )
    case 'partitions-added':
      return processOf(event).length === 0
        ? []
        : context.consumed.map((target) => ({ kind, target, at, count: 1 }))
  }
}

function processOf(event: HistoryEvent): string[] {
  switch (event.kind) {
    case 'handler-start':
    case 'handler-end':
    case 'handler-failure':
    case 'batch-start':
    case 'batch-end':
    case 'resolved':
    case 'effect':
    case 'believes':
      return [event.process]
    case 'request':
      return PROCESS_PHASES.has(event.phase) ? [event.process] : []
    default:
      return []
  }
}

function recordsOf(event: HistoryEvent): string[] {
  if (event.kind === 'handler-start') return [recordName(event)]
  if (event.kind === 'batch-start') return event.offsets.map((offset) => recordName({ ...event, offset }))
  return []
}

function sentRequest(event: HistoryEvent): EventOf<'request'>[] {
  return event.kind === 'request' && event.phase === 'sent' ? [event] : []
}

function requestOf(event: HistoryEvent): string[] {
  return sentRequest(event).map(({ process, api, ordinal }) => `${process} ${api}#${ordinal}`)
}

function linkOf(event: HistoryEvent): string[] {
  return sentRequest(event).map(({ process, broker }) => `${process}~${broker}`)
}

function cuts(both: string): string[] {
  const [client = '', broker = ''] = both.split('~')
  return [both, `${client}>${broker}`, `${broker}>${client}`]
}

function errorsFor(event: HistoryEvent): readonly InjectableError[] {
  if (event.kind !== 'request') return []
  if (LEADER_APIS.has(event.api)) return ['NOT_LEADER_OR_FOLLOWER']
  if (event.api === 'Metadata') return ['LEADER_NOT_AVAILABLE']
  if (event.api === 'FindCoordinator') return ['COORDINATOR_NOT_AVAILABLE']
  if (!GROUP_APIS.has(event.api)) return []
  return REBALANCE_APIS.has(event.api) ? [...GROUP_ERRORS, 'REBALANCE_IN_PROGRESS'] : GROUP_ERRORS
}

/** Names at which a hold delays something: a request on its way, its answer, a handler. */
export function canHold({ event }: Place): boolean {
  if (event.kind === 'handler-start' || event.kind === 'batch-start') return true
  return event.kind === 'request' && (event.phase === 'sent' || event.phase === 'applied')
}

/** A hold reorders and breaks nothing: all are shorter than any timeout, a heartbeat's interval (3 s) included. */
export const HOLD_MS = [5, 50, 500, 2_000] as const
