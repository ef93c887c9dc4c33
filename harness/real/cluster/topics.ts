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
  const { name, partitions, configs } = topic
  const wanted = {
    name,
    numPartitions: partitions,
    replicationFactor: -1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  }
  await cluster.until(`make the topic ${name}`, async () => {
    const body = await cluster.call('CreateTopics', 5, {
      topics: [wanted],
      timeoutMs: TIMEOUT_MS,
      validateOnly: false,
    })
    const [made] = body.topics
    const error = errorName(made?.errorCode ?? -1)
    if (error === 'TOPIC_ALREADY_EXISTS')
      throw new UsageError(
        'busy-cluster',
        `the topic ${name} is on this cluster already, and a replay touches nothing that it did not make; delete it, or give another cluster`,
      )
    if (error === 'NOT_CONTROLLER' || error === 'REQUEST_TIMED_OUT') return null
    demand(`make the topic ${name}`, made?.errorCode)
    return true
  })
  return cluster.topicWithLeaders(name, partitions)
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

/** Takes topics away that this replay has made; resolves when they are gone. */
export async function deleteTopics(cluster: RealCluster, names: readonly string[]): Promise<void> {
  await cluster.until(`delete the topics ${names.join(', ')}`, async () => {
    const there = (await cluster.topics(names)).map(({ name }) => name)
    if (there.length === 0) return true
    await cluster.call('DeleteTopics', 5, { topicNames: there, timeoutMs: TIMEOUT_MS })
    return null
  })
}
