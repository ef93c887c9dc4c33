import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly topics: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[]
}

/** DescribeProducers (61), version 0 (KIP-664): what the leader of a partition remembers of producers. */
export const describeProducers: Served = {
  key: 61,
  min: 0,
  max: 0,
  handler: answerNow<Request>(
    (context) => each(context, (topic, index) => describe(context, topic, index)),
    (context, errorCode) => each(context, () => ({ errorCode, activeProducers: [] })),
  ),
}

function each({ body }: RequestContext<Request>, answer: (topic: string, index: number) => Body): Body {
  const topics = body.topics.map(({ name, partitionIndexes }) => ({
    name,
    partitions: partitionIndexes.map((partitionIndex) => ({
      partitionIndex,
      ...answer(name, partitionIndex),
    })),
  }))
  return { topics }
}

function describe({ cluster, broker }: RequestContext<Request>, topic: string, index: number): Body {
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
