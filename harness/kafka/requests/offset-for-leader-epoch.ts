import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly Asked[] }[]
}

interface Asked {
  readonly partition: number
  readonly currentLeaderEpoch: number
  readonly leaderEpoch: number
}

/**
 * OffsetForLeaderEpoch (23), versions 2 to 4 (KAFKA.md L4): where an epoch ends, so that a client whose log goes further
 * knows that it was cut back. An epoch that is still to come is −1.
 */
export const offsetForLeaderEpoch: Served = {
  key: 23,
  min: 2,
  max: 4,
  handler: answerNow<Request>(
    (context) => each(context, (topic, asked) => find(context, topic, asked)),
    (context, errorCode) => each(context, () => ({ errorCode, leaderEpoch: -1, endOffset: -1n })),
  ),
}

function each({ body }: RequestContext<Request>, answer: (topic: string, asked: Asked) => Body): Body {
  const topics = body.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((asked) => ({ partition: asked.partition, ...answer(topic, asked) })),
  }))
  return { topics }
}

function find(
  { cluster, broker }: RequestContext<Request>,
  topic: string,
  { partition: index, currentLeaderEpoch, leaderEpoch }: Asked,
): Body {
  const failed = (error: string): Body => ({ errorCode: code(error), leaderEpoch: -1, endOffset: -1n })
  const partition = cluster.topics.partition(topic, index)
  if (partition === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION')
  if (partition.leader !== broker.id) return failed('NOT_LEADER_OR_FOLLOWER')
  const { log } = partition
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < log.leaderEpoch) return failed('FENCED_LEADER_EPOCH')
  if (currentLeaderEpoch > log.leaderEpoch) return failed('UNKNOWN_LEADER_EPOCH')
  const end = log.endOfEpoch(leaderEpoch)
  return { errorCode: 0, leaderEpoch: end?.epoch ?? -1, endOffset: end?.offset ?? -1n }
}
