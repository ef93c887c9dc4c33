import { GROUP_APIS, LEADER_APIS } from '../apis.ts'
import type { RequestEvent } from '../world-event.ts'
import type { Place, Surroundings, WireFacts } from './place.ts'

/**
 * Errors that a broker may answer with by itself: while a group or a leader moves, so that clients
 * must retry or rejoin; where a disk, a replica or a member is gone; and the one that stands for
 * anything else that went wrong inside it.
 */
export const INJECTABLE_ERRORS = [
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'REBALANCE_IN_PROGRESS',
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'UNKNOWN_SERVER_ERROR',
  'KAFKA_STORAGE_ERROR',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'FENCED_INSTANCE_ID',
  'INVALID_PRODUCER_EPOCH',
  'CONCURRENT_TRANSACTIONS',
] as const
export type InjectableError = (typeof INJECTABLE_ERRORS)[number]

const COORDINATOR_ERRORS: readonly InjectableError[] = [
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
]
const MEMBER_APIS: ReadonlySet<string> = new Set(['SyncGroup', 'Heartbeat', 'OffsetCommit'])
/** Requests that a transaction's coordinator answers. */
const TXN_APIS: ReadonlySet<string> = new Set(['AddPartitionsToTxn', 'AddOffsetsToTxn', 'EndTxn'])

/**
 * Errors with which a broker may answer this event's request, the likeliest first, and behind
 * UNKNOWN_SERVER_ERROR those that say that something is gone.
 */
export function errorsAt({ event }: Place, { wire }: Surroundings): readonly InjectableError[] {
  if (event.kind !== 'request') return []
  const errors = passingAt(event.api)
  return errors.length === 0 ? [] : [...errors, 'UNKNOWN_SERVER_ERROR', ...goneAt(event, wire)]
}

function passingAt(api: string): readonly InjectableError[] {
  if (LEADER_APIS.has(api)) return ['NOT_LEADER_OR_FOLLOWER']
  if (api === 'Metadata') return ['LEADER_NOT_AVAILABLE']
  if (api === 'FindCoordinator') return ['COORDINATOR_NOT_AVAILABLE']
  if (TXN_APIS.has(api)) return [...COORDINATOR_ERRORS, 'CONCURRENT_TRANSACTIONS']
  if (api === 'TxnOffsetCommit') return COORDINATOR_ERRORS
  if (!GROUP_APIS.has(api)) return []
  return MEMBER_APIS.has(api) ? [...COORDINATOR_ERRORS, 'REBALANCE_IN_PROGRESS'] : COORDINATOR_ERRORS
}

function goneAt({ api, process }: RequestEvent, wire: WireFacts): readonly InjectableError[] {
  return [
    ...when(LEADER_APIS.has(api), 'KAFKA_STORAGE_ERROR'),
    ...when(LEADER_APIS.has(api) || ASKS_FOR_TOPICS.has(api), 'UNKNOWN_TOPIC_OR_PARTITION'),
    ...when(api === 'Produce' && wire.awaitsReplicas, 'NOT_ENOUGH_REPLICAS'),
    ...when(MEMBER_APIS.has(api), 'UNKNOWN_MEMBER_ID'),
    ...when(MEMBER_APIS.has(api) && !wire.consumerProtocol, 'ILLEGAL_GENERATION'),
    ...when(MEMBER_APIS.has(api) && wire.staticMembers, 'FENCED_INSTANCE_ID'),
    ...when(WRITES_IN_TXN.has(api) && wire.transactional.has(process), 'INVALID_PRODUCER_EPOCH'),
  ]
}

/** The broker looks for the topic in its view of the cluster, which may not have it yet. */
const ASKS_FOR_TOPICS: ReadonlySet<string> = new Set(['Metadata', 'OffsetCommit', 'TxnOffsetCommit'])

/** From version 2 on the coordinator's own requests say PRODUCER_FENCED instead. */
const WRITES_IN_TXN: ReadonlySet<string> = new Set(['Produce', 'TxnOffsetCommit'])

function when(applies: boolean, error: InjectableError): readonly InjectableError[] {
  return applies ? [error] : []
}
