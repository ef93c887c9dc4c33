import { GROUP_APIS, LEADER_APIS } from '../apis.ts'
import type { Place } from './place.ts'

/**
 * Errors that a broker may answer with while a group or a leader moves, so that clients must retry
 * or rejoin, and the one that stands for anything else that went wrong inside it.
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
] as const
export type InjectableError = (typeof INJECTABLE_ERRORS)[number]

const GROUP_ERRORS: readonly InjectableError[] = [
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
]
const REBALANCE_APIS: ReadonlySet<string> = new Set(['SyncGroup', 'Heartbeat', 'OffsetCommit'])

/** Errors with which a broker may answer this event's request, the likeliest first. */
export function errorsAt({ event }: Place): readonly InjectableError[] {
  if (event.kind !== 'request') return []
  const errors = ownErrorsAt(event.api)
  return errors.length === 0 ? [] : [...errors, 'UNKNOWN_SERVER_ERROR']
}

function ownErrorsAt(api: string): readonly InjectableError[] {
  if (LEADER_APIS.has(api)) return ['NOT_LEADER_OR_FOLLOWER']
  if (api === 'Metadata') return ['LEADER_NOT_AVAILABLE']
  if (api === 'FindCoordinator') return ['COORDINATOR_NOT_AVAILABLE']
  if (!GROUP_APIS.has(api)) return []
  return REBALANCE_APIS.has(api) ? [...GROUP_ERRORS, 'REBALANCE_IN_PROGRESS'] : GROUP_ERRORS
}
