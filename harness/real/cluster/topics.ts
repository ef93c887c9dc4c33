import { UsageError } from '../../core/errors.ts'
import type { Workload } from '../../core/schedule.ts'
import { errorName } from '../../kafka/index.ts'
import type { RealCluster, TopicDescription } from './cluster.ts'
import { demand } from './errors.ts'

const TIMEOUT_MS = 30_000

export interface WantedTopic {
  readonly name: string
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

export function wantedTopics({ topics }: Workload): WantedTopic[] {
  return Object.entries(topics).map(([name, { partitions, configs = {} }]) => ({ name, partitions, configs }))
}

/**
 * Makes the topic; resolves when all its partitions have leaders. @throws UsageError where it is
 * there
 */
export async function createTopic(cluster: RealCluster, topic: WantedTopic): Promise<TopicDescription> {
  const { name } = topic
  const made = await createdTopic(cluster, topic)
  if (made !== null) return made
  throw new UsageError(
    'busy-cluster',
    `the topic ${name} is on this cluster already, and a replay touches nothing that it did not make; delete it, or give another cluster`,
  )
}

/**
 * Makes the topic, or what a broker has made of it for a client that asked for it: then it gets as
 * many partitions as it should have.
 */
export async function ensureTopic(cluster: RealCluster, topic: WantedTopic): Promise<TopicDescription> {
  const { name, partitions } = topic
  const made = await createdTopic(cluster, topic)
  if (made !== null) return made
  const there = await cluster.until(`tell of ${name}`, async () => (await cluster.topics([name]))[0] ?? null)
  const missing = partitions - there.partitions.length
  if (missing > 0) await addPartitions(cluster, there, missing)
  return cluster.topicWithLeaders(name, Math.max(partitions, there.partitions.length))
}

/** The topic with its leaders; null where one of this name is there. */
async function createdTopic(cluster: RealCluster, topic: WantedTopic): Promise<TopicDescription | null> {
  const { name, partitions, configs } = topic
  const wanted = {
    name,
    numPartitions: partitions,
    replicationFactor: -1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }
  const isMade = await cluster.until(`make the topic ${name}`, async () => {
    const body = await cluster.call('CreateTopics', 5, {
      topics: [wanted],
      timeoutMs: TIMEOUT_MS,
      validateOnly: false,
    })
    const [made] = body.topics
    const error = errorName(made?.errorCode ?? -1)
    if (error === 'TOPIC_ALREADY_EXISTS') return false
    if (error === 'NOT_CONTROLLER' || error === 'REQUEST_TIMED_OUT') return null
    demand(`make the topic ${name}`, made?.errorCode)
    return true
  })
  return isMade ? cluster.topicWithLeaders(name, partitions) : null
}

/**
 * Adds partitions to the topic; resolves when all of them have leaders. @returns how many it has
 */
export async function addPartitions(
  cluster: RealCluster,
  { name, partitions: before }: TopicDescription,
  count: number,
): Promise<number> {
  const partitions = before.length + count
  const body = await cluster.call('CreatePartitions', 3, {
    topics: [{ name, count: partitions, assignments: null }],
    timeoutMs: TIMEOUT_MS,
    validateOnly: false,
  })
  demand(`add partitions to ${name}`, body.results[0]?.errorCode)
  await cluster.topicWithLeaders(name, partitions)
  return partitions
}

/**
 * Takes topics away that are there; resolves when they are gone. A broker may have made others
 * under their names by then, for a client that asked for them: those stay.
 */
export async function deleteTopics(cluster: RealCluster, names: readonly string[]): Promise<void> {
  const ids = new Set((await cluster.topics(names)).map(({ id }) => id))
  await cluster.until(`delete the topics ${names.join(', ')}`, async () => {
    const left = (await cluster.topics(names)).filter(({ id }) => ids.has(id)).map(({ name }) => name)
    if (left.length === 0) return true
    await cluster.call('DeleteTopics', 5, { topicNames: left, timeoutMs: TIMEOUT_MS })
    return null
  })
}
