import type { TopicPartition } from '../../core/history.ts'
import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'

/**
 * OffsetDelete (47), version 0 (KIP-496). Refused for topics that the running group subscribes to;
 * answered when it is replicated.
 */
export const offsetDelete = served('OffsetDelete')({
  min: 0,
  max: 0,
  handler: (context) => ({
    apply: (answer) => remove(context, answer),
    refuse: failed,
  }),
})

function failed(error: string): AnswerDraft<'OffsetDelete'> {
  return { errorCode: code(error), topics: [] }
}

function remove(
  { cluster, broker, body }: RequestContext<'OffsetDelete'>,
  answer: (answer: AnswerDraft<'OffsetDelete'>) => void,
): void {
  const refusal = cluster.coordinators.of(body.groupId).refusal(body.groupId, broker.id)
  if (refusal !== null) return answer(failed(refusal))
  const offsets = cluster.coordinators.of(body.groupId).offsets(body.groupId)
  const group = cluster.coordinators.of(body.groupId).group(body.groupId)
  if (offsets === undefined || group === undefined) return answer(failed('GROUP_ID_NOT_FOUND'))
  if (group.state !== 'Empty' && group.protocolType !== 'consumer') return answer(failed('NON_EMPTY_GROUP'))
  const subscribed = group.subscribedTopics()
  const removed: TopicPartition[] = []
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => {
      if (subscribed?.has(name) === true)
        return { partitionIndex, errorCode: code('GROUP_SUBSCRIBED_TO_TOPIC') }
      if (cluster.topics.partition(name, partitionIndex) === undefined)
        return { partitionIndex, errorCode: code('UNKNOWN_TOPIC_OR_PARTITION') }
      if (offsets.get(name, partitionIndex) !== undefined)
        removed.push({ topic: name, partition: partitionIndex })
      return { partitionIndex, errorCode: 0 }
    }),
  }))
  cluster.coordinators
    .of(body.groupId)
    .removeOffsets(body.groupId, removed, 'deleted by an operator', (error) =>
      answer(error === null ? { errorCode: 0, topics } : failed(error)),
    )
}
