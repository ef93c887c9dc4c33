import type { TopicPartition } from '../../core/history.ts'
import { hashPartition } from '../../kafka/index.ts'
import type { RealCluster } from './cluster.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'

/** Where a group's coordinator keeps it. */
export async function offsetsPartitionOf(cluster: RealCluster, group: string): Promise<TopicPartition> {
  const [topic] = await cluster.topics([OFFSETS_TOPIC])
  const partitions = topic?.partitions.length ?? 1
  return { topic: OFFSETS_TOPIC, partition: hashPartition(group, partitions) }
}
