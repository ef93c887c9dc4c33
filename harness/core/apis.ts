import type { AnyEvent } from './world-event.ts'

/** Kafka's names of the requests that commit offsets. */
export const COMMIT_APIS: ReadonlySet<string> = new Set(['OffsetCommit', 'TxnOffsetCommit'])

/** Requests that a group's coordinator answers. */
export const GROUP_APIS: ReadonlySet<string> = new Set([
  'JoinGroup',
  'SyncGroup',
  'Heartbeat',
  'ConsumerGroupHeartbeat',
  'LeaveGroup',
  'OffsetCommit',
  'OffsetFetch',
])

/** Requests that a partition's leader answers. */
export const LEADER_APIS: ReadonlySet<string> = new Set(['Fetch', 'Produce', 'ListOffsets'])

/**
 * The leader has just said that it wrote something, which other replicas may still lack (KAFKA.md
 * L1).
 */
export function isWritten(event: AnyEvent): boolean {
  return event.kind === 'request' && event.phase === 'acknowledged' && event.api === 'Produce'
}
