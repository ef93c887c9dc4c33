import type { TopicPartition } from '../../core/history.ts'
import { partitionName } from '../../core/names.ts'
import { errorName } from '../../kafka/index.ts'
import type { PartitionDescription, RealCluster } from './cluster.ts'
import { demand } from './errors.ts'

const TIMEOUT_MS = 30_000
const PREFERRED = 0

/**
 * The next replica leads; resolves when it does. With one replica, the partition moves to the next
 * broker.
 */
export async function moveLeader(cluster: RealCluster, at: TopicPartition): Promise<void> {
  const found = await partitionOf(cluster, at)
  if (found === undefined) return
  const { leader, replicas } = found
  const candidates = replicas.length > 1 ? replicas : cluster.brokers
  const next = candidates[(candidates.indexOf(leader) + 1) % candidates.length] ?? leader
  await lead(cluster, { ...at, replicas }, next)
}

/** This broker leads, whether or not it has a replica; resolves when it does. */
export async function letLead(cluster: RealCluster, at: TopicPartition, broker: number): Promise<void> {
  const found = await partitionOf(cluster, at)
  if (found !== undefined) await lead(cluster, { ...at, replicas: found.replicas }, broker)
}

async function partitionOf(
  cluster: RealCluster,
  { topic, partition }: TopicPartition,
): Promise<PartitionDescription | undefined> {
  const [found] = await cluster.topics([topic])
  return found?.partitions.find((each) => each.partition === partition)
}

async function lead(
  cluster: RealCluster,
  at: TopicPartition & { readonly replicas: readonly number[] },
  next: number,
): Promise<void> {
  const { topic, partition, replicas } = at
  const others = replicas.filter((each) => each !== next).slice(0, replicas.length - 1)
  await reassign(cluster, at, [next, ...others])
  await cluster.until(`move the leader of ${partitionName(at)}`, async () => {
    if ((await cluster.leaderOf(topic, partition)) === next) return true
    await elect(cluster, at)
    return (await cluster.leaderOf(topic, partition)) === next ? true : null
  })
}

async function reassign(
  cluster: RealCluster,
  { topic, partition }: TopicPartition,
  replicas: readonly number[],
): Promise<void> {
  const what = `reassign ${partitionName({ topic, partition })}`
  const topics = [{ name: topic, partitions: [{ partitionIndex: partition, replicas }] }]
  const body = await cluster.call('AlterPartitionReassignments', 0, { timeoutMs: TIMEOUT_MS, topics })
  demand(what, body.errorCode)
  demand(what, body.responses[0]?.partitions[0]?.errorCode)
}

async function elect(cluster: RealCluster, { topic, partition }: TopicPartition): Promise<void> {
  const body = await cluster.call('ElectLeaders', 2, {
    electionType: PREFERRED,
    topicPartitions: [{ topic, partitions: [partition] }],
    timeoutMs: TIMEOUT_MS,
  })
  const error = errorName(body.errorCode)
  if (error !== 'NONE' && error !== 'ELECTION_NOT_NEEDED') demand('elect a leader', body.errorCode)
}
