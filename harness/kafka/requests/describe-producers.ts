import { type AnswerDraft, apiError, type ElementOf, errorFields } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

type DescribedProducers = ElementOf<ElementOf<AnswerDraft<'DescribeProducers'>['topics']>['partitions']>

/**
 * DescribeProducers (61), version 0 (KIP-664): what the leader of a partition remembers of
 * producers.
 */
export const describeProducers = servedAtOnce('DescribeProducers')({
  min: 0,
  max: 0,
  apply: (context) => each(context, (topic, index) => describe(context, topic, index)),
  refuse: (context, errorCode) => each(context, () => ({ errorCode, activeProducers: [] })),
})

function each(
  { body }: RequestContext<'DescribeProducers'>,
  answer: (topic: string, index: number) => DescribedProducers,
): AnswerDraft<'DescribeProducers'> {
  const topics = body.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => ({
      partitionIndex,
      ...answer(name, partitionIndex),
    })),
  }))
  return { topics }
}

function describe(
  { cluster, broker }: RequestContext<'DescribeProducers'>,
  topic: string,
  index: number,
): DescribedProducers {
  if (cluster.topics.get(topic) === undefined)
    return { ...errorFields(apiError('UNKNOWN_TOPIC_OR_PARTITION')), activeProducers: [] }
  const partition = cluster.topics.partition(topic, index)
  if (partition === undefined) return { errorCode: code('UNKNOWN_TOPIC_OR_PARTITION'), activeProducers: [] }
  if (partition.leader !== broker.id)
    return { errorCode: code('NOT_LEADER_OR_FOLLOWER'), activeProducers: [] }
  const { log, producers } = partition
  return {
    errorCode: 0,
    activeProducers: producers
      .all()
      .map(({ producerId, producerEpoch, lastSequence, lastTimestampMs, coordinatorEpoch }) => ({
        producerId,
        producerEpoch,
        lastSequence,
        lastTimestamp: BigInt(lastTimestampMs),
        coordinatorEpoch,
        currentTxnStartOffset: log.transactions.openSince(producerId) ?? -1n,
      })),
  }
}
