import { hashPartition, SETTINGS_DEFAULT } from '../../kafka/index.ts'
import type { RealCluster, TopicDescription } from './cluster.ts'
import { letLead } from './leaders.ts'
import { offsetsPartitionOf } from './offsets-topic.ts'

/**
 * Partition n is led by broker n, as in a simulated cluster, so that a fault of a broker meets the
 * same partitions. A real cluster begins with any of its brokers.
 */
export async function layOutTopic(
  cluster: RealCluster,
  { name, partitions }: TopicDescription,
): Promise<void> {
  for (const { partition, leader } of partitions) {
    const wanted = brokerAt(cluster, partition)
    if (leader !== wanted) await letLead(cluster, { topic: name, partition }, wanted)
  }
}

/**
 * The group has the coordinator that it has in a simulated cluster. Its topic of offsets may have
 * another number of partitions there, so that the partition is another one.
 */
export async function layOutGroup(
  cluster: RealCluster,
  group: string,
  partitions: number = SETTINGS_DEFAULT['offsets.topic.num.partitions'],
): Promise<void> {
  const wanted = brokerAt(cluster, hashPartition(group, partitions))
  if ((await cluster.coordinatorOf(group)) === wanted) return
  await letLead(cluster, await offsetsPartitionOf(cluster, group), wanted)
  await cluster.until(`have broker ${wanted} coordinate ${group}`, async () =>
    (await cluster.coordinatorOf(group)) === wanted ? true : null,
  )
}

function brokerAt({ brokers }: RealCluster, partition: number): number {
  const ids = brokers.toSorted((one, other) => one - other)
  return ids[partition % ids.length] ?? 0
}
