import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

const HIGH_WATERMARK = -1n

interface Moved {
  readonly errorCode: number
  readonly lowWatermark: bigint
}

/**
 * DeleteRecords (21), versions 0 to 2: moves the start of a partition; −1 stands for its high
 * watermark (KIP-107).
 */
export const deleteRecords = servedAtOnce('DeleteRecords')({
  min: 0,
  max: 2,
  apply: (context) => each(context, (topic, partition, offset) => remove(context, topic, partition, offset)),
  refuse: (context, errorCode) => each(context, () => ({ errorCode, lowWatermark: -1n })),
})

function each(
  { body }: RequestContext<'DeleteRecords'>,
  answer: (topic: string, partition: number, offset: bigint) => Moved,
): AnswerDraft<'DeleteRecords'> {
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
  { cluster, broker }: RequestContext<'DeleteRecords'>,
  topic: string,
  index: number,
  offset: bigint,
): Moved {
  const failed = (error: string): Moved => ({ errorCode: code(error), lowWatermark: -1n })
  const partition = cluster.topics.partition(topic, index)
  if (partition === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION')
  if (cluster.topics.get(topic)?.isInternal) return failed('INVALID_TOPIC_EXCEPTION')
  if (partition.leader !== broker.id) return failed('NOT_LEADER_OR_FOLLOWER')
  if (cluster.topics.get(topic)?.configs.log.deletes === false) return failed('POLICY_VIOLATION')
  const { log } = partition
  const before = offset === HIGH_WATERMARK ? log.highWatermark : offset
  if (before < 0n || before > log.highWatermark) return failed('OFFSET_OUT_OF_RANGE')
  if (before > log.startOffset) cluster.controller.deleteRecords(topic, index, before, 'DeleteRecords')
  return { errorCode: 0, lowWatermark: log.startOffset }
}
