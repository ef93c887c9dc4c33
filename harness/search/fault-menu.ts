import { FAULT_FAMILIES, type Fault, type FaultKind, type InjectableError } from '../core/fault.ts'
import type { EventOf, HistoryEvent } from '../core/history.ts'
import {
  brokerName,
  linkName,
  parseLinkName,
  partitionName,
  processName,
  recordName,
  requestName,
} from '../core/names.ts'
import type { Workload } from '../core/schedule.ts'
import type { FaultValues } from './fault-values.ts'

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
  /** What the scenario's ACLs allow, each as a text. */
  readonly acls: readonly string[]
  readonly values: FaultValues
}

const COMMIT_APIS = new Set(['OffsetCommit', 'TxnOffsetCommit'])
const GROUP_APIS = new Set([
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'ConsumerGroupHeartbeat',
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

export const INTERESTS = [0, 1, 2, 3] as const

/** How telling an event is: 0 first. */
export function interestOf({ event }: Place): (typeof INTERESTS)[number] {
  switch (event.kind) {
    case 'request':
      if (COMMIT_APIS.has(event.api)) return 0
      if (isWritten(event)) return 1
      if (event.api === 'Fetch' || event.api === 'OffsetFetch') return 2
      return GROUP_APIS.has(event.api) ? 1 : 3
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

/** Events of one sort differ only in whose and which: `OffsetCommit applied`, `handler-start`. */
export function sortOf({ event }: Place): string {
  return event.kind === 'request' ? `${event.api} ${event.phase}` : event.kind
}

/** Faults of links, brokers, groups and topics last: whether they begin one event sooner or later hardly matters. */
const SAMPLED: ReadonlySet<FaultKind> = new Set([
  ...FAULT_FAMILIES.network.filter((kind) => kind.startsWith('link-')),
  ...FAULT_FAMILIES.broker.filter((kind) => kind !== 'request-error'),
  ...FAULT_FAMILIES.replication,
  ...FAULT_FAMILIES.unclean,
  ...FAULT_FAMILIES.operator,
  'partitions-added',
  'join',
  'throttle',
  'acl-revoked',
])

/** Whether a sweep places this kind here: some kinds only at commits, groups, handlers and the first of each request. */
export function isSwept(kind: FaultKind, place: Place): boolean {
  if (!SAMPLED.has(kind)) return true
  const { event } = place
  if (event.kind === 'request') {
    if (event.phase !== 'sent' && !isWritten(event)) return false
    return interestOf(place) < 2 || event.ordinal === 1
  }
  return event.kind === 'handler-start' || event.kind === 'batch-start' || event.kind === 'believes'
}

/** Every fault of this kind that makes sense at this event, the plainest first. */
export function faultsAt(kind: FaultKind, place: Place, context: MenuContext): readonly Fault[] {
  const { event } = place
  const { values } = context
  const at = { event: place.name }
  switch (kind) {
    case 'crash':
      return processOf(event).flatMap((target) =>
        values.restartMs.map((restartMs) => ({ kind, target, at, restartMs })),
      )
    case 'pause':
      return processOf(event).flatMap((target) =>
        values.pauseMs.map((durationMs) => ({ kind, target, at, durationMs })),
      )
    case 'graceful-restart':
      return processOf(event).flatMap((target) =>
        values.restartMs.slice(0, 2).map((restartMs) => ({ kind, target, at, restartMs })),
      )
    case 'join':
      return processOf(event).map(() => ({ kind, target: processName(context.workload.consumers), at }))
    case 'leave':
      return context.workload.consumers < 2 ? [] : processOf(event).map((target) => ({ kind, target, at }))
    case 'slow-handler':
      return recordsOf(event).flatMap((target) =>
        values.slowMs.map((durationMs) => ({ kind, target, at, durationMs })),
      )
    case 'handler-error':
    case 'effect-error':
      return recordsOf(event).flatMap((target) =>
        timesOf(context).map((times) => ({ kind, target, at, times })),
      )
    case 'effect-ack-lost':
      return recordsOf(event).map((target) => ({ kind, target, at }))
    case 'malformed-record':
      return event.kind === 'append' && event.process === null
        ? [{ kind, target: recordName(event), at: { atMs: 0 } }]
        : []
    case 'link-latency':
      return linkOf(event).flatMap((target) =>
        values.latencyMs.map((extraMs) => ({ kind, target, at, extraMs, durationMs: 30_000 })),
      )
    case 'link-cut':
      return linkOf(event).flatMap((both) =>
        cuts(both).flatMap((target) => values.cutMs.map((durationMs) => ({ kind, target, at, durationMs }))),
      )
    case 'link-reset':
      return linkOf(event).map((target) => ({ kind, target, at }))
    case 'link-refuse':
      return linkOf(event).map((target) => ({ kind, target, at, durationMs: values.refuseMs }))
    case 'request-lost':
    case 'answer-lost':
    case 'disconnect-before':
    case 'disconnect-after':
      return requestOf(event).map((target) => ({ kind, target, at }))
    case 'request-delayed':
    case 'answer-delayed':
      return requestOf(event).flatMap((target) =>
        values.delayMs.map((durationMs) => ({ kind, target, at, durationMs })),
      )
    case 'request-error':
      return requestOf(event).flatMap((target) =>
        errorsFor(event).map((error) => ({ kind, target, at, error })),
      )
    case 'throttle':
      return linkOf(event).flatMap((target) =>
        values.throttleMs.map((throttleMs) => ({ kind, target, at, throttleMs, durationMs: 60_000 })),
      )
    case 'acl-revoked':
      return sentRequest(event).flatMap(() =>
        context.acls.flatMap((target) =>
          values.downMs.map((durationMs) => ({ kind, target, at, durationMs })),
        ),
      )
    case 'broker-down':
    case 'broker-crash':
      return brokerAt(event).flatMap((broker) =>
        values.downMs.map((durationMs) => ({ kind, target: broker, at, durationMs })),
      )
    case 'controller-cut':
      return brokerAt(event).flatMap((target) =>
        values.cutOffMs.map((durationMs) => ({ kind, target, at, durationMs })),
      )
    case 'replica-lag':
      return sentRequest(event).flatMap(({ broker }) =>
        othersThan(broker, context).flatMap((target) =>
          values.lagMs.map((durationMs) => ({ kind, target, at, durationMs })),
        ),
      )
    case 'unclean-election':
    case 'leader-moved':
      return context.workload.brokers < 2 || event.kind !== 'handler-start'
        ? []
        : [{ kind, target: partitionName(event), at }]
    case 'records-deleted':
      return event.kind === 'handler-start' ? [{ kind, target: partitionName(event), at }] : []
    case 'topic-recreated':
      return event.kind === 'handler-start' ? [{ kind, target: event.topic, at }] : []
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

/** What fails for ever is a poison record: only for those who asked for poison. */
function timesOf({ kinds }: MenuContext): readonly ('once' | 'always')[] {
  return kinds.includes('malformed-record') ? ['once', 'always'] : ['once']
}

/** The processes that this event is about. */
function processOf(event: HistoryEvent): string[] {
  switch (event.kind) {
    case 'generation':
      return [...new Set(event.members.map(({ process }) => process))]
    case 'process-started':
    case 'process-terminating':
    case 'consumer-crashed':
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

/** The leader has just said that it wrote something, which other replicas may still lack (KAFKA.md L1). */
function isWritten(event: HistoryEvent): boolean {
  return event.kind === 'request' && event.phase === 'acknowledged' && event.api === 'Produce'
}

/** The broker whose end matters most at this event. */
function brokerAt(event: HistoryEvent): string[] {
  return event.kind === 'request' && (event.phase === 'sent' || isWritten(event)) ? [event.broker] : []
}

function requestOf(event: HistoryEvent): string[] {
  return sentRequest(event).map(requestName)
}

function othersThan(broker: string, { workload }: MenuContext): string[] {
  return Array.from({ length: workload.brokers }, (_, id) => brokerName(id)).filter((name) => name !== broker)
}

function linkOf(event: HistoryEvent): string[] {
  return sentRequest(event).map(({ process, broker }) =>
    linkName({ from: process, to: broker, oneWay: false }),
  )
}

function cuts(both: string): string[] {
  const link = parseLinkName(both)
  if (link === null) return [both]
  const { from, to } = link
  return [both, linkName({ from, to, oneWay: true }), linkName({ from: to, to: from, oneWay: true })]
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
