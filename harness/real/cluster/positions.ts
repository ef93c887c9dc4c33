import { RESET_AGO_MS, type ResetChoices } from '../../core/faults/offsets-reset.ts'
import type { TopicPartition } from '../../core/history.ts'
import type { RealCluster } from './cluster.ts'
import { demand } from './errors.ts'

const EARLIEST = -2n
const LATEST = -1n

/** Where each of these partitions begins and ends, and where the group stands there. */
export async function positionsIn(
  cluster: RealCluster,
  group: string,
  partitions: readonly TopicPartition[],
): Promise<(ResetChoices & { readonly at: TopicPartition })[]> {
  const minuteAgo = BigInt(Date.now() - RESET_AGO_MS)
  const found = []
  for (const at of partitions) {
    const since = await offsetAt(cluster, at, minuteAgo)
    found.push({
      at,
      start: await offsetAt(cluster, at, EARLIEST),
      end: await offsetAt(cluster, at, LATEST),
      minuteAgo: since < 0n ? null : since,
      committed: await committedAt(cluster, group, at),
    })
  }
  return found
}

/** @param timestamp Unix milliseconds, or one of Kafka's numbers for an end of the log */
async function offsetAt(
  cluster: RealCluster,
  { topic, partition }: TopicPartition,
  timestamp: bigint,
): Promise<bigint> {
  const leader = await cluster.leaderOf(topic, partition)
  const partitions = [{ partitionIndex: partition, timestamp }]
  const body = { replicaId: -1, topics: [{ name: topic, partitions }] }
  const answer = await cluster.call('ListOffsets', 3, body, leader ?? undefined)
  const [found] = answer.topics[0]?.partitions ?? []
  demand(`look up offsets of ${topic}`, found?.errorCode)
  return found?.offset ?? -1n
}

async function committedAt(
  cluster: RealCluster,
  group: string,
  { topic, partition }: TopicPartition,
): Promise<bigint | null> {
  const body = { groupId: group, topics: [{ name: topic, partitionIndexes: [partition] }] }
  const answer = await cluster.ofGroup(
    group,
    { api: 'OffsetFetch', version: 5, body },
    (each) => each.errorCode,
  )
  const offset = answer.topics[0]?.partitions[0]?.committedOffset ?? -1n
  return offset < 0n ? null : offset
}
