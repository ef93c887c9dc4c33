import type { ClusterHost } from '../cluster-host.interface.ts'
import type { Partition } from './topic.interface.ts'

type SuccessiveBrokers = Pick<ClusterHost, 'brokers' | 'isUp' | 'nextLive'>

/**
 * Moves the leader: replicas elect; one copy goes with its leader. With one broker a coordinator's
 * partition moves to where it is, which loads its log again.
 * @param to default: the next live broker, or replica in sync
 */
export function moveLeader(cluster: SuccessiveBrokers, partition: Partition, to?: number): void {
  const { replicas, leader, coordinator } = partition
  if (replicas !== null) return replicas.moveLeader(to)
  const next = to !== undefined && cluster.isUp(to) ? to : cluster.nextLive(leader ?? -1)
  const isReload = coordinator !== null && cluster.brokers.length === 1
  if (next !== leader || isReload) lead(partition, next)
}

/** The stopped broker's leadership moves to the next live broker. */
export function brokerStopped(
  cluster: SuccessiveBrokers,
  partition: Partition,
  { id, losesUnflushed }: { readonly id: number; readonly losesUnflushed: boolean },
): void {
  const { replicas, leader, producers } = partition
  if (replicas !== null) return replicas.brokerStopped(id, losesUnflushed)
  if (leader !== id) return
  if (!losesUnflushed) producers.load(producers.snapshot())
  lead(partition, cluster.nextLive(id))
}

/** The broker leads a partition without a leader. */
export function brokerStarted(partition: Partition, id: number): void {
  if (partition.replicas !== null) return partition.replicas.brokerStarted(id)
  if (partition.leader === null) lead(partition, id)
}

/** The broker knows again which partitions it leads. */
export function brokerHears({ replicas, coordinator }: Partition, id: number): void {
  const wasDeposed = replicas?.deposed(id) !== undefined
  replicas?.brokerHears(id)
  coordinator?.heard(id, wasDeposed)
}

function lead(partition: Partition, broker: number | null): void {
  partition.leader = broker
  partition.log.leaderEpoch += 1
  partition.coordinator?.moved()
  partition.log.wake()
}
