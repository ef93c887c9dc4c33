import type { TransactionPartition } from '../txn/transaction.ts'
import type { Body } from '../wire/index.ts'
import { code, handle, type RequestContext, type Served } from './handler.ts'
import { fencedAs } from './join-transaction.ts'

interface TopicPartitions {
  readonly name: string
  readonly partitions: readonly number[]
}

interface Adding {
  readonly transactionalId: string
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly verifyOnly: boolean
  readonly topics: readonly TopicPartitions[]
}

interface Request {
  /** Version 4 on: what brokers ask, for several transactions. */
  readonly transactions: readonly Adding[]
  readonly v3AndBelowTransactionalId: string
  readonly v3AndBelowProducerId: bigint
  readonly v3AndBelowProducerEpoch: number
  readonly v3AndBelowTopics: readonly TopicPartitions[]
}

const FENCED_FROM = 2
const BATCHED_FROM = 4
const ABORTABLE_FROM = 5

/**
 * AddPartitionsToTxn (24), versions 0 to 5 (KAFKA.md X2). All or nothing: where one topic is unknown the others are
 * OPERATION_NOT_ATTEMPTED. From version 4 on several transactions at once, to be added to or only verified (KIP-890).
 */
export const addPartitionsToTxn: Served = {
  key: 24,
  min: 0,
  max: 5,
  handler: handle<Request>((context) => ({
    apply: (answer) => {
      const { body, version } = context
      if (version < BATCHED_FROM) {
        return add(context, single(body), (results) => answer({ resultsByTopicV3AndBelow: results }))
      }
      const all: Body[] = []
      if (body.transactions.length === 0) return answer({ errorCode: 0, resultsByTransaction: all })
      for (const adding of body.transactions) {
        add(context, adding, (topicResults) => {
          all.push({
            transactionalId: adding.transactionalId,
            topicResults: topicResults as unknown as Body[],
          })
          if (all.length === body.transactions.length) answer({ errorCode: 0, resultsByTransaction: all })
        })
      }
    },
    refuse: (error) =>
      context.version < BATCHED_FROM
        ? { resultsByTopicV3AndBelow: results(single(context.body), () => error) }
        : { errorCode: code(error), resultsByTransaction: [] },
  })),
}

function single(body: Request): Adding {
  return {
    transactionalId: body.v3AndBelowTransactionalId,
    producerId: body.v3AndBelowProducerId,
    producerEpoch: body.v3AndBelowProducerEpoch,
    verifyOnly: false,
    topics: body.v3AndBelowTopics,
  }
}

function results({ topics }: Adding, errorOf: (partition: TransactionPartition) => string): Body[] {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: code(errorOf({ topic: name, partition: partitionIndex })),
    })),
  }))
}

function add(
  { cluster, broker, peer, version }: RequestContext<Request>,
  adding: Adding,
  answer: (topics: Body[]) => void,
): void {
  const { topics, transactionalId, producerId, producerEpoch, verifyOnly } = adding
  const partitions = topics.flatMap(({ name, partitions }) =>
    partitions.map((partition) => ({ topic: name, partition })),
  )
  const isKnown = ({ topic, partition }: TransactionPartition): boolean =>
    cluster.topics.partition(topic, partition) !== undefined
  if (!partitions.every(isKnown)) {
    const errorOf = (each: TransactionPartition): string =>
      isKnown(each) ? 'OPERATION_NOT_ATTEMPTED' : 'UNKNOWN_TOPIC_OR_PARTITION'
    return answer(results(adding, errorOf))
  }
  const isInternal = ({ topic }: TransactionPartition): boolean =>
    cluster.topics.get(topic)?.isInternal === true
  if (partitions.some(isInternal)) {
    // Nobody may write there, whoever asks.
    const errorOf = (each: TransactionPartition): string =>
      isInternal(each) ? 'TOPIC_AUTHORIZATION_FAILED' : 'OPERATION_NOT_ATTEMPTED'
    return answer(results(adding, errorOf))
  }
  if (transactionalId === '') return answer(results(adding, () => 'INVALID_REQUEST'))
  const asking = { transactionalId, producerId, producerEpoch, broker: broker.id, process: peer.process }
  const { transactions } = cluster
  if (verifyOnly) {
    const verified = (each: TransactionPartition): string => {
      const error = transactions.verify(asking, each) ?? 'NONE'
      return error === 'TRANSACTION_ABORTABLE' && version < ABORTABLE_FROM ? 'INVALID_TXN_STATE' : error
    }
    return answer(results(adding, verified))
  }
  transactions.addPartitions(asking, partitions, (error) =>
    answer(results(adding, () => fencedAs(error, { since: FENCED_FROM, version }))),
  )
}
