import type { SeenPartition, SeenTopic } from '../topics/topic.interface.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { operationsOn } from './authorization/operations.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'
import { partitionsOf } from './metadata.ts'
import { isLegalTopicName } from './topic-names.ts'

type DescribedTopic = ElementOf<AnswerDraft<'DescribeTopicPartitions'>['topics']>
type DescribedPartition = ElementOf<DescribedTopic['partitions']>

const PARTITIONS_MAX = 2_000

/**
 * DescribeTopicPartitions (75), version 0 (KIP-966): topics in the order of their names, page by
 * page, from the cursor on. No topic is created.
 */
export const describeTopicPartitions = servedAtOnce('DescribeTopicPartitions')({
  min: 0,
  max: 0,
  apply: describe,
  refuse: refuse,
})

function refuse(
  { body }: RequestContext<'DescribeTopicPartitions'>,
  errorCode: number,
): AnswerDraft<'DescribeTopicPartitions'> {
  return { topics: body.topics.map(({ name }) => ({ errorCode, name, partitions: [] })) }
}

function describe(
  context: RequestContext<'DescribeTopicPartitions'>,
): AnswerDraft<'DescribeTopicPartitions'> {
  const { cluster, body } = context
  const { cursor } = body
  const all = body.topics.length === 0
  const asked = all ? cluster.topics.listAll().map(({ name }) => name) : body.topics.map(({ name }) => name)
  const names = [...new Set(asked)].filter((name) => cursor === null || name >= cursor.topicName).sort()
  if (cursor !== null && (cursor.partitionIndex < 0 || (!all && !names.includes(cursor.topicName))))
    return refuse(context, code('INVALID_REQUEST'))
  let left = Math.max(1, Math.min(PARTITIONS_MAX, body.responsePartitionLimit))
  const topics: DescribedTopic[] = []
  for (const name of names) {
    const topic = cluster.topics.get(name)
    if (topic === undefined) {
      const topicAuthorizedOperations = operationsOn(context, 'Topic', name)
      topics.push({ errorCode: code(errorOf(name)), name, partitions: [], topicAuthorizedOperations })
      continue
    }
    const from = cursor?.topicName === name ? cursor.partitionIndex : 0
    const until = Math.min(topic.partitions.length, from + left)
    if (until > from) topics.push(known(context, topic, partitionsOf(cluster, topic).slice(from, until)))
    left -= until - from
    if (until < topic.partitions.length)
      return { topics, nextCursor: { topicName: name, partitionIndex: until } }
  }
  return { topics, nextCursor: null }
}

function errorOf(name: string): string {
  return isLegalTopicName(name) ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION'
}

function known(
  context: RequestContext<'DescribeTopicPartitions'>,
  { name, id, isInternal, partitions: all }: SeenTopic,
  partitions: ReturnType<typeof partitionsOf>,
): DescribedTopic {
  return {
    errorCode: 0,
    name,
    topicId: id,
    isInternal,
    partitions: partitions.map((each) => ({
      ...each,
      ...eligibleOf(all[each.partitionIndex]?.replicas ?? null),
    })),
    topicAuthorizedOperations: operationsOn(context, 'Topic', name),
  }
}

function eligibleOf(replicas: SeenPartition['replicas']): DescribedPartition {
  const last = replicas?.lastKnownLeader ?? null
  return { eligibleLeaderReplicas: replicas?.eligible ?? [], lastKnownElr: last === null ? [] : [last] }
}
