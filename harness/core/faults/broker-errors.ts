import { GROUP_APIS, LEADER_APIS } from '../apis.ts'
import type { Place } from './place.ts'

/**
 * Errors that a broker may answer with while a group or a leader moves; clients must retry or
 * rejoin.
 */
export const INJECTABLE_ERRORS = [
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'REBALANCE_IN_PROGRESS',
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
] as const
export type InjectableError = (typeof INJECTABLE_ERRORS)[number]

const GROUP_ERRORS: readonly InjectableError[] = [
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
]
const REBALANCE_APIS: ReadonlySet<string> = new Set(['SyncGroup', 'Heartbeat', 'OffsetCommit'])

/** Errors with which a broker may answer this event's request. */
export function errorsAt({ event }: Place): readonly InjectableError[] {
  if (event.kind !== 'request') return []
  if (LEADER_APIS.has(event.api)) return ['NOT_LEADER_OR_FOLLOWER']
  if (event.api === 'Metadata') return ['LEADER_NOT_AVAILABLE']
  if (event.api === 'FindCoordinator') return ['COORDINATOR_NOT_AVAILABLE']
  if (!GROUP_APIS.has(event.api)) return []
  return REBALANCE_APIS.has(event.api) ? [...GROUP_ERRORS, 'REBALANCE_IN_PROGRESS'] : GROUP_ERRORS
}
