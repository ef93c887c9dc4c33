import type { AnswerDraft, ElementOf } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

type DescribedTransaction = ElementOf<AnswerDraft<'DescribeTransactions'>['transactionStates']>

/** DescribeTransactions (65), version 0 (KIP-664). */
export const describeTransactions = servedAtOnce('DescribeTransactions')({
  min: 0,
  max: 0,
  apply: (context) => ({
    transactionStates: context.body.transactionalIds.map((id) => describe(context, id)),
  }),
  refuse: ({ body }, errorCode) => ({
    transactionStates: body.transactionalIds.map((id) => failed(id, errorCode)),
  }),
})

function failed(transactionalId: string, errorCode: number): DescribedTransaction {
  return {
    errorCode,
    transactionalId,
    transactionState: '',
    transactionTimeoutMs: 0,
    transactionStartTimeMs: 0n,
    producerId: 0n,
    producerEpoch: 0,
    topics: [],
  }
}

function describe(
  { cluster, broker }: RequestContext<'DescribeTransactions'>,
  transactionalId: string,
): DescribedTransaction {
  if (transactionalId === '') return failed(transactionalId, code('INVALID_REQUEST'))
  const { transactions } = cluster
  const refusal = transactions.log.refusal(transactions.log.partitionOf(transactionalId), broker.id)
  if (refusal !== null) return failed(transactionalId, code(refusal))
  const transaction = transactions.of(transactionalId).find(transactionalId)
  if (transaction === undefined) return failed(transactionalId, code('TRANSACTIONAL_ID_NOT_FOUND'))
  const { state, timeoutMs, startMs, producerId, producerEpoch, partitions } = transaction
  const byTopic = Map.groupBy(partitions.values(), ({ topic }) => topic)
  return {
    errorCode: 0,
    transactionalId,
    transactionState: state,
    transactionTimeoutMs: timeoutMs,
    transactionStartTimeMs: BigInt(startMs),
    producerId,
    producerEpoch,
    topics: [...byTopic].map(([topic, each]) => ({
      topic,
      partitions: each.map(({ partition }) => partition),
    })),
  }
}
