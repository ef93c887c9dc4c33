import { reassign } from '../topics/reassign.ts'
import { type AnswerDraft, type ApiError, errorFields, type RequestBody } from '../wire/index.ts'
import { type RequestContext, servedAtOnce } from './handler.ts'

/**
 * AlterPartitionReassignments (45), versions 0 to 1 (KIP-455): replicas move to other brokers, or,
 * with null, the move that goes on is given up. From 1 on the replication factor may be held
 * (KIP-860). It is answered once the move has begun; ListPartitionReassignments tells of it until
 * it is over.
 */
export const alterPartitionReassignments = servedAtOnce('AlterPartitionReassignments')({
  min: 0,
  max: 1,
  apply: (context) => ({
    errorCode: 0,
    errorMessage: null,
    allowReplicationFactorChange: context.body.allowReplicationFactorChange,
    responses: each(context, (topic, partition) => errorFields(alter(context, topic, partition))),
  }),
  refuse: (context, errorCode) => ({
    errorCode,
    errorMessage: null,
    responses: each(context, () => ({ errorCode, errorMessage: null })),
  }),
})

type WantedReassignment = RequestBody<'AlterPartitionReassignments'>['topics'][number]['partitions'][number]

function each(
  { body }: RequestContext<'AlterPartitionReassignments'>,
  errorOf: (
    topic: string,
    partition: WantedReassignment,
  ) => { errorCode: number; errorMessage: string | null },
): NonNullable<AnswerDraft<'AlterPartitionReassignments'>['responses']> {
  return body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      ...errorOf(name, partition),
    })),
  }))
}

function alter(
  { cluster, body }: RequestContext<'AlterPartitionReassignments'>,
  topic: string,
  { partitionIndex, replicas }: WantedReassignment,
): ApiError {
  return reassign(cluster, {
    topic,
    partition: partitionIndex,
    replicas,
    keepsFactor: !body.allowReplicationFactorChange,
  })
}
