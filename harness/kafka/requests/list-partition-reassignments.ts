import type { Topic } from '../log/topic.interface.ts'
import type { Body } from '../wire/index.ts'
import { answerNow, type RequestContext, type Served } from './handler.ts'

interface Request {
  /** Null: all. */
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null
}

/** ListPartitionReassignments (46), version 0 (KIP-455): moves of replicas that go on. What is not there is not told of. */
export const listPartitionReassignments: Served = {
  key: 46,
  min: 0,
  max: 0,
  handler: answerNow<Request>(
    (context) => ({ errorCode: 0, errorMessage: null, topics: moving(context) }),
    (_context, errorCode) => ({ errorCode, errorMessage: null, topics: [] }),
  ),
}

function moving({ cluster, body }: RequestContext<Request>): Body[] {
  const { topics } = cluster
  const asked = body.topics ?? topics.list().map(({ name }) => ({ name, partitionIndexes: null }))
  return asked.flatMap(({ name, partitionIndexes }) => {
    const topic = topics.atController(name)
    if (topic === undefined) return []
    const indexes = partitionIndexes ?? [...topic.partitions.keys()]
    const partitions = indexes.flatMap((index) => moveOf(topic, index))
    return partitions.length === 0 ? [] : [{ name, partitions }]
  })
}

function moveOf({ partitions }: Topic, partitionIndex: number): Body[] {
  const placement = partitions[partitionIndex]?.replicas?.placement
  if (placement === undefined) return []
  const { replicas, adding: addingReplicas, removing: removingReplicas } = placement
  if (addingReplicas.length === 0 && removingReplicas.length === 0) return []
  return [{ partitionIndex, replicas, addingReplicas, removingReplicas }]
}
