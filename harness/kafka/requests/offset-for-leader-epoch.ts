import type { AnswerDraft, ElementOf, RequestBody } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

type AskedEpoch = RequestBody<'OffsetForLeaderEpoch'>['topics'][number]['partitions'][number]
type EpochEnd = ElementOf<ElementOf<AnswerDraft<'OffsetForLeaderEpoch'>['topics']>['partitions']>

/**
 * OffsetForLeaderEpoch (23), versions 0 to 4 (KAFKA.md L4): where an epoch ends, so that a client
 * whose log goes further knows that it was cut back. An epoch that is still to come is −1.
 */
export const offsetForLeaderEpoch = servedAtOnce('OffsetForLeaderEpoch')({
  min: 0,
  max: 4,
  apply: (context) => each(context, (topic, asked) => find(context, topic, asked)),
  refuse: (context, errorCode) => each(context, () => ({ errorCode, leaderEpoch: -1, endOffset: -1n })),
})

function each(
  { body }: RequestContext<'OffsetForLeaderEpoch'>,
  answer: (topic: string, asked: AskedEpoch) => EpochEnd,
): AnswerDraft<'OffsetForLeaderEpoch'> {
  const topics = body.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((asked) => ({ partition: asked.partition, ...answer(topic, asked) })),
  }))
  return { topics }
}

function find(
  { cluster, broker }: RequestContext<'OffsetForLeaderEpoch'>,
  topic: string,
  { partition: index, currentLeaderEpoch, leaderEpoch }: AskedEpoch,
): EpochEnd {
  const failed = (error: string): EpochEnd => ({ errorCode: code(error), leaderEpoch: -1, endOffset: -1n })
  const partition = cluster.topics.partition(topic, index)
  if (partition === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION')
  if (partition.leader !== broker.id) return failed('NOT_LEADER_OR_FOLLOWER')
  const { log } = partition
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < log.leaderEpoch) return failed('FENCED_LEADER_EPOCH')
  if (currentLeaderEpoch > log.leaderEpoch) return failed('UNKNOWN_LEADER_EPOCH')
  const end = log.endOfEpoch(leaderEpoch)
  return { errorCode: 0, leaderEpoch: end?.epoch ?? -1, endOffset: end?.offset ?? -1n }
}
