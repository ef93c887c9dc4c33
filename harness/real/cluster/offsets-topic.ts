import type { TopicPartition } from '../../core/history.ts'
import type { RealCluster } from './cluster.ts'

export const OFFSETS_TOPIC = '__consumer_offsets'

/** Where a group's coordinator keeps it: by Java's hash of the group's name. */
export async function offsetsPartitionOf(cluster: RealCluster, group: string): Promise<TopicPartition> {
  const [topic] = await cluster.topics([OFFSETS_TOPIC])
  const partitions = topic?.partitions.length ?? 1
  return { topic: OFFSETS_TOPIC, partition: (javaHash(group) & 0x7f_ff_ff_ff) % partitions }
}

function javaHash(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0
  return hash
}
