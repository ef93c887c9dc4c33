import type { ClusterHost } from '../cluster-host.interface.ts'
import type { Placement } from '../replication/reassignment.ts'
import { isAssignment } from './replica-placement.ts'
import type { Partition } from './topic.interface.ts'
import type { Topics } from './topics.ts'

/**
 * Moves a partition's replicas (KIP-455), as the controller does (ReplicationControlManager).
 * @returns the error, by Kafka's name, or NONE
 */
export function reassign(
  cluster: Pick<ClusterHost, 'brokers'> & { readonly topics: Pick<Topics, 'atController' | 'replicas'> },
  options: {
    readonly topic: string
    readonly partition: number
    /** Broker ids; null: the move that goes on is given up. */
    readonly replicas: readonly number[] | null
    /** Whether as many replicas as before are demanded (KIP-860). */
    readonly keepsFactor?: boolean
  },
): string {
  const { topic, partition, replicas: wanted, keepsFactor = false } = options
  const found = cluster.topics.atController(topic)
  const moved = found?.partitions[partition]
  if (found === undefined || moved === undefined) return 'UNKNOWN_TOPIC_OR_PARTITION'
  if (found.isInternal) return 'INVALID_TOPIC_EXCEPTION'
  const { replicas: now, adding, removing } = placementOf(moved)
  if (wanted === null) {
    if (adding.length === 0 && removing.length === 0) return 'NO_REASSIGNMENT_IN_PROGRESS'
    return moved.replicas?.revertReassignment() ? 'NONE' : 'INVALID_REPLICA_ASSIGNMENT'
  }
  if (!isAssignment(wanted, cluster)) return 'INVALID_REPLICA_ASSIGNMENT'
  if (keepsFactor && wanted.length !== now.length - adding.length) return 'INVALID_REPLICATION_FACTOR'
  cluster.topics.replicas(topic, partition)?.reassign(wanted)
  return 'NONE'
}

function placementOf({ replicas, leader }: Partition): Placement {
  return replicas?.placement ?? { replicas: leader === null ? [] : [leader], adding: [], removing: [] }
}
