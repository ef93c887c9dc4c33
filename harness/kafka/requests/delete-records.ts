import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly offset: bigint }[]
  }[]
}

const HIGH_WATERMARK = -1n

/** DeleteRecords (21), versions 0 to 2: moves the start of a partition; −1 stands for its high watermark (KIP-107). */
export const deleteRecords: Served = {
  key: 21,
  min: 0,
  max: 2,
  handler: answerNow<Request>(
    (context) => each(context, (topic, partition, offset) => remove(context, topic, partition, offset)),
    (context, errorCode) => each(context, () => ({ errorCode, lowWatermark: -1n })),
  ),
}

function each(
  { body }: RequestContext<Request>,
  answer: (topic: string, partition: number, offset: bigint) => Body,
): Body {
  const topics = body.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex, offset }) => ({
      partitionIndex,
      ...answer(name, partitionIndex, offset),
    })),
  }))
  return { topics }
}

function remove(
  { cluster, broker }: RequestContext<Request>,
  topic: string,
  index: number,
  offset: bigint,
): Body {
  const failed = (error: string): Body => ({ errorCode: code(error), lowWatermark: -1n })
  const partition = cluster.topics.partition(topic, index)
  if (partition === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION')
  if (cluster.topics.get(topic)?.isInternal) return failed('INVALID_TOPIC_EXCEPTION')
  if (partition.leader !== broker.id) return failed('NOT_LEADER_OR_FOLLOWER')
  const { log } = partition
  const before = offset === HIGH_WATERMARK ? log.highWatermark : offset
  if (before < 0n || before > log.highWatermark) return failed('OFFSET_OUT_OF_RANGE')
  if (before > log.startOffset) cluster.topics.deleteRecords(topic, index, before, 'DeleteRecords')
  return { errorCode: 0, lowWatermark: log.startOffset }
}
