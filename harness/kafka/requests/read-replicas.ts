import type { SeenCluster } from '../cluster-parts.interface.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { SeenPartition } from '../topics/topic.interface.ts'
import { rackOf } from './racks.ts'

/** From this version on Fetch may be answered by followers (KIP-392). */
export const FOLLOWERS_FROM = 11

/**
 * The log that this broker answers a consumer from: its leader's, or a follower's; null: it has
 * none.
 */
export function readableLog(
  { leader, log, replicas }: SeenPartition,
  { broker, version }: { readonly broker: number; readonly version: number },
): PartitionLog | null {
  if (leader === broker) return log
  return version < FOLLOWERS_FROM ? null : (replicas?.logOf(broker) ?? null)
}

/**
 * The follower that a consumer is sent to by its leader, or null (Kafka's
 * RackAwareReplicaSelector): of those in the consumer's rack that are in sync and have the offset,
 * the one that has most. Not where the leader is in that rack.
 */
export function preferredReplica(
  cluster: Pick<SeenCluster, 'brokers' | 'settings' | 'isUp'>,
  { leader, replicas }: SeenPartition,
  { rackId, fetchOffset }: { readonly rackId: string; readonly fetchOffset: bigint },
): number | null {
  if (rackId === '' || leader === null) return null
  if (replicas === null || rackOf(cluster, leader) === rackId) return null
  const near = replicas
    .caughtUpTo(fetchOffset)
    .filter(({ broker }) => cluster.isUp(broker) && rackOf(cluster, broker) === rackId)
  const [best] = near.toSorted(
    (one, other) =>
      Number(other.end - one.end) || other.caughtUpMs - one.caughtUpMs || other.broker - one.broker,
  )
  return best?.broker ?? null
}
