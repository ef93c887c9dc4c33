import { reassign } from '../log/reassign.ts'
import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  /** Version 1 on. */
  readonly allowReplicationFactorChange?: boolean
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly {
      readonly partitionIndex: number
      readonly replicas: readonly number[] | null
    }[]
  }[]
}

/**
 * AlterPartitionReassignments (45), versions 0 to 1 (KIP-455): replicas move to other brokers, or, with null, the move that
 * goes on is given up. From 1 on the replication factor may be held (KIP-860). It is answered once the move has begun;
 * ListPartitionReassignments tells of it until it is over.
 */
export const alterPartitionReassignments: Served = {
  key: 45,
  min: 0,
  max: 1,
  handler: answerNow<Request>(
    (context) => ({
      errorCode: 0,
      errorMessage: null,
      allowReplicationFactorChange: context.body.allowReplicationFactorChange ?? true,
      responses: each(context, (topic, partition) => code(alter(context, topic, partition))),
    }),
    (context, errorCode) => ({ errorCode, errorMessage: null, responses: each(context, () => errorCode) }),
  ),
}

type Wanted = Request['topics'][number]['partitions'][number]

function each(
  { body }: RequestContext<Request>,
  errorOf: (topic: string, partition: Wanted) => number,
): Body[] {
  return body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: errorOf(name, partition),
      errorMessage: null,
    })),
  }))
}

function alter(
  { cluster, body }: RequestContext<Request>,
  topic: string,
  { partitionIndex, replicas }: Wanted,
): string {
  const { allowReplicationFactorChange = true } = body
  return reassign(cluster, {
    topic,
    partition: partitionIndex,
    replicas,
    keepsFactor: !allowReplicationFactorChange,
  })
}
