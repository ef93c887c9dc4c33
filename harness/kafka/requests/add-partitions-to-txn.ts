import type { TransactionPartition } from '../txn/transaction.ts'
import type { AnswerDraft, ElementOf, RequestBody } from '../wire/index.ts'
import { code, type RequestContext, served } from './handler.ts'
import { fencedAs } from './join-transaction.ts'

type Adding = RequestBody<'AddPartitionsToTxn'>['transactions'][number]
type TransactionResult = ElementOf<AnswerDraft<'AddPartitionsToTxn'>['resultsByTransaction']>
type TopicResults = NonNullable<TransactionResult['topicResults']>

const FENCED_FROM = 2
const BATCHED_FROM = 4
const ABORTABLE_FROM = 5

/**
 * AddPartitionsToTxn (24), versions 0 to 5 (KAFKA.md X2). All or nothing: where one topic is
 * unknown the others are OPERATION_NOT_ATTEMPTED. From version 4 on several transactions at once,
 * to be added to or only verified (KIP-890).
 */
export const addPartitionsToTxn = served('AddPartitionsToTxn')({
  min: 0,
  max: 5,
  handler: (context) => ({
    apply: (answer) => {
      const { body, version } = context
      if (version < BATCHED_FROM) {
        return add(context, single(body), (results) => answer({ resultsByTopicV3AndBelow: results }))
      }
      const all: TransactionResult[] = []
      if (body.transactions.length === 0) return answer({ errorCode: 0, resultsByTransaction: all })
      for (const adding of body.transactions) {
        add(context, adding, (topicResults) => {
          all.push({ transactionalId: adding.transactionalId, topicResults })
          if (all.length === body.transactions.length) answer({ errorCode: 0, resultsByTransaction: all })
        })
      }
    },
    refuse: (error) =>
      context.version < BATCHED_FROM
        ? { resultsByTopicV3AndBelow: results(single(context.body), () => error) }
        : { errorCode: code(error), resultsByTransaction: [] },
  }),
})

function single(body: RequestBody<'AddPartitionsToTxn'>): Adding {
  return {
    transactionalId: body.v3AndBelowTransactionalId,
    producerId: body.v3AndBelowProducerId,
    producerEpoch: body.v3AndBelowProducerEpoch,
    verifyOnly: false,
    topics: body.v3AndBelowTopics,
  }
}

function results({ topics }: Adding, errorOf: (partition: TransactionPartition) => string): TopicResults {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: code(errorOf({ topic: name, partition: partitionIndex })),
    })),
  }))
}

function add(
  { cluster, broker, peer, version }: RequestContext<'AddPartitionsToTxn'>,
  adding: Adding,
  answer: (topics: TopicResults) => void,
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
    // Partitions of internal topics are refused to every producer.
    const errorOf = (each: TransactionPartition): string =>
      isInternal(each) ? 'TOPIC_AUTHORIZATION_FAILED' : 'OPERATION_NOT_ATTEMPTED'
    return answer(results(adding, errorOf))
  }
  if (transactionalId === '') return answer(results(adding, () => 'INVALID_REQUEST'))
  const asking = { transactionalId, producerId, producerEpoch, broker: broker.id, process: peer.process }
  const { transactions } = cluster
  if (verifyOnly) {
    const verified = (each: TransactionPartition): string => {
      const error = transactions.of(transactionalId).verify(asking, each) ?? 'NONE'
      return error === 'TRANSACTION_ABORTABLE' && version < ABORTABLE_FROM ? 'INVALID_TXN_STATE' : error
    }
    return answer(results(adding, verified))
  }
  transactions
    .of(transactionalId)
    .addPartitions(asking, partitions, (error) =>
      answer(results(adding, () => fencedAs(error, { since: FENCED_FROM, version }))),
    )
}
