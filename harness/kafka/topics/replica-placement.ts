import type { ClusterHost } from '../cluster-host.interface.ts'

/** Broker ids of the replicas of one partition, the preferred leader first. */
export type ReplicaAssignment = readonly number[]

type PlacedBrokers = Pick<ClusterHost, 'brokers' | 'isUp'>

/**
 * Partition n goes to broker n modulo brokers, its other replicas to those that follow; to those
 * that are down last.
 */
export function placeReplicas(
  cluster: PlacedBrokers,
  { first, count, factor }: { readonly first: number; readonly count: number; readonly factor: number },
): readonly ReplicaAssignment[] {
  const isUp = (id: number): boolean => cluster.isUp(id)
  const ids = cluster.brokers.map(({ id }) => id)
  return Array.from({ length: count }, (_, partition) => {
    const from = (first + partition) % ids.length
    const inTurn = [...ids.slice(from), ...ids.slice(0, from)]
    return [...inTurn.filter(isUp), ...inTurn.filter((id) => !isUp(id))].slice(0, factor)
  })
}

/**
 * Why the controller does not take this assignment by hand, or null: brokers that there are, each
 * once (ReplicationControlManager.validateManualPartitionAssignment).
 * @param factor how many there must be; null: any number
 */
export function assignmentProblem(
  assigned: ReplicaAssignment,
  { brokers }: Pick<PlacedBrokers, 'brokers'>,
  factor: number | null = null,
): string | null {
  const includes = 'The manual partition assignment includes'
  if (assigned.length === 0) return `${includes} an empty replica list.`
  const inOrder = assigned.toSorted((one, other) => one - other)
  for (const [index, broker] of inOrder.entries()) {
    if (!brokers.some(({ id }) => id === broker))
      return `${includes} broker ${broker}, but no such broker is registered.`
    if (index > 0 && inOrder[index - 1] === broker) return `${includes} the broker ${broker} more than once.`
  }
  return factor === null || factor === assigned.length
    ? null
    : `${includes} a partition with ${assigned.length} replica(s), but this is not consistent with previous partitions, which have ${factor} replica(s).`
}

/** The error of replicas for a new partition, which must have a leader. */
export function newAssignmentProblem(
  assigned: ReplicaAssignment,
  cluster: PlacedBrokers,
  { factor, partition }: { readonly factor: number | null; readonly partition: number },
): string | null {
  const problem = assignmentProblem(assigned, cluster, factor)
  if (problem !== null || assigned.some((broker) => cluster.isUp(broker))) return problem
  return `All brokers specified in the manual partition assignment for partition ${partition} are fenced or in controlled shutdown.`
}
