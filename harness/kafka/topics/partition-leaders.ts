import type { ClusterHost } from '../cluster-host.interface.ts'
import type { Partition } from './topic.interface.ts'

type Brokers = Pick<ClusterHost, 'nextLive'>

/**
 * Replicas elect; one copy goes with its leader. @param to default: the next live broker, or
 * replica in sync
 */
export function moveLeader(cluster: Brokers, partition: Partition, to?: number): void {
  if (partition.replicas !== null) return partition.replicas.moveLeader(to)
  const next = to ?? cluster.nextLive(partition.leader ?? -1)
  if (next === partition.leader) return
  partition.leader = next
  partition.log.leaderEpoch += 1
  partition.log.wake()
}

/** The stopped broker's leadership moves to the next live broker. */
export function brokerStopped(
  cluster: Brokers,
  partition: Partition,
  { id, losesUnflushed }: { readonly id: number; readonly losesUnflushed: boolean },
): void {
  partition.replicas?.brokerStopped(id, losesUnflushed)
  if (partition.replicas !== null || partition.leader !== id) return
  if (!losesUnflushed) partition.producers.load(partition.producers.snapshot())
  partition.leader = cluster.nextLive(id)
  partition.log.leaderEpoch += 1
  partition.log.wake()
}

/** The broker leads what nobody led. */
export function brokerStarted(partition: Partition, id: number): void {
  partition.replicas?.brokerStarted(id)
  if (partition.replicas !== null || partition.leader !== null) return
  partition.leader = id
  partition.log.leaderEpoch += 1
}
