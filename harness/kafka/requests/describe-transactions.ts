import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly transactionalIds: readonly string[]
}

/** DescribeTransactions (65), version 0 (KIP-664). */
export const describeTransactions: Served = {
  key: 65,
  min: 0,
  max: 0,
  handler: answerNow<Request>(
    (context) => ({ transactionStates: context.body.transactionalIds.map((id) => describe(context, id)) }),
    ({ body }, errorCode) => ({
      transactionStates: body.transactionalIds.map((id) => failed(id, errorCode)),
    }),
  ),
}

function failed(transactionalId: string, errorCode: number): Body {
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

function describe({ cluster, broker }: RequestContext<Request>, transactionalId: string): Body {
  if (transactionalId === '') return failed(transactionalId, code('INVALID_REQUEST'))
  const { transactions } = cluster
  const refusal = transactions.log.refusal(transactions.log.partitionOf(transactionalId), broker.id)
  if (refusal !== null) return failed(transactionalId, code(refusal))
  const transaction = transactions.find(transactionalId)
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
