import type { Topic } from '../topics/topic.interface.ts'
import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { type RequestContext, servedAtOnce } from './handler.ts'

type MovingTopic = ElementOf<AnswerDraft<'ListPartitionReassignments'>['topics']>
type Move = ElementOf<MovingTopic['partitions']>

/**
 * ListPartitionReassignments (46), version 0 (KIP-455): moves of replicas that go on. What is not
 * there is not told of.
 */
export const listPartitionReassignments = servedAtOnce('ListPartitionReassignments')({
  min: 0,
  max: 0,
  apply: (context) => ({ errorCode: 0, errorMessage: null, topics: moving(context) }),
  refuse: (_context, errorCode) => ({ errorCode, errorMessage: null, topics: [] }),
})

function moving({ cluster, body }: RequestContext<'ListPartitionReassignments'>): MovingTopic[] {
  const { topics } = cluster
  const asked = body.topics ?? topics.list().map(({ name }) => ({ name, partitionIndexes: null }))
  return asked.flatMap(({ name, partitionIndexes }) => {
    const topic = cluster.controller.topic(name)
    if (topic === undefined) return []
    const indexes = partitionIndexes ?? [...topic.partitions.keys()]
    const partitions = indexes.flatMap((index) => moveOf(topic, index))
    return partitions.length === 0 ? [] : [{ name, partitions }]
  })
}

function moveOf({ partitions }: Topic, partitionIndex: number): Move[] {
  const placement = partitions[partitionIndex]?.replicas?.placement
  if (placement === undefined) return []
  const { replicas, adding: addingReplicas, removing: removingReplicas } = placement
  if (addingReplicas.length === 0 && removingReplicas.length === 0) return []
  return [{ partitionIndex, replicas, addingReplicas, removingReplicas }]
}
