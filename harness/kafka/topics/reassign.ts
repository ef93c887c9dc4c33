import type { ClusterHost } from '../cluster-host.interface.ts'
import type { Placement } from '../replication/reassignment.ts'
import { type ApiError, apiError, NO_ERROR } from '../wire/index.ts'
import { assignmentProblem } from './replica-placement.ts'
import type { Partition } from './topic.interface.ts'
import type { Topics } from './topics.ts'

/**
 * Moves a partition's replicas (KIP-455), as the controller does (ReplicationControlManager).
 */
export function reassign(
  cluster: Pick<ClusterHost, 'brokers'> & {
    readonly controller: { topic: Topics['atController']; replicas: Topics['replicas'] }
  },
  options: {
    readonly topic: string
    readonly partition: number
    /** Broker ids; null: the move that goes on is given up. */
    readonly replicas: readonly number[] | null
    /** Whether as many replicas as before are demanded (KIP-860). */
    readonly keepsFactor?: boolean
  },
): ApiError {
  const { topic, partition, replicas: wanted, keepsFactor = false } = options
  const found = cluster.controller.topic(topic)
  const unknown = 'UNKNOWN_TOPIC_OR_PARTITION'
  if (found === undefined) return apiError(unknown, `Unable to find a topic named ${topic}.`)
  const moved = found.partitions[partition]
  if (moved === undefined) return apiError(unknown, `Unable to find partition ${topic}:${partition}.`)
  if (found.isInternal) return apiError('INVALID_TOPIC_EXCEPTION')
  const { replicas: now, adding, removing } = placementOf(moved)
  if (wanted === null) {
    if (adding.length === 0 && removing.length === 0) return apiError('NO_REASSIGNMENT_IN_PROGRESS', null)
    if (moved.replicas?.revertReassignment()) return NO_ERROR
    return apiError(
      'INVALID_REPLICA_ASSIGNMENT',
      `Unable to revert partition assignment for ${topic}:${partition} because it would require an unclean leader election.`,
    )
  }
  const problem = assignmentProblem(wanted, cluster)
  if (problem !== null) return apiError('INVALID_REPLICA_ASSIGNMENT', problem)
  const factor = now.length - adding.length
  if (keepsFactor && wanted.length !== factor)
    return apiError(
      'INVALID_REPLICATION_FACTOR',
      `The replication factor is changed from ${factor} to ${wanted.length}`,
    )
  cluster.controller.replicas(topic, partition)?.reassign(wanted)
  return NO_ERROR
}

function placementOf({ replicas, leader }: Partition): Placement {
  return replicas?.placement ?? { replicas: leader === null ? [] : [leader], adding: [], removing: [] }
}
