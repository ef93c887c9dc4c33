import { TRANSACTION_STATES, type Transaction } from '../txn/transaction.ts'
import type { AnswerDraft } from '../wire/index.ts'
import { code, type RequestContext, servedAtOnce } from './handler.ts'

/** ListTransactions (66), versions 0 to 2 (KIP-664): those that this broker coordinates. */
export const listTransactions = servedAtOnce('ListTransactions')({
  min: 0,
  max: 2,
  apply: list,
  refuse: (_context, errorCode) => failed(errorCode),
})

function failed(errorCode: number): AnswerDraft<'ListTransactions'> {
  return { errorCode, unknownStateFilters: [], transactionStates: [] }
}

function list({
  cluster,
  broker,
  body,
}: RequestContext<'ListTransactions'>): AnswerDraft<'ListTransactions'> {
  const { transactions, clock } = cluster
  if (transactions.log.loadsAny(broker.id)) return failed(code('COORDINATOR_LOAD_IN_PROGRESS'))
  const { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern: pattern } = body
  const named = pattern === null || pattern === '' ? null : expression(pattern)
  if (named === 'invalid') return failed(code('INVALID_REGULAR_EXPRESSION'))
  const isWanted = ({ transactionalId, producerId, state, startMs }: Transaction): boolean =>
    (producerIdFilters.length === 0 || producerIdFilters.includes(producerId)) &&
    (stateFilters.length === 0 || stateFilters.includes(state)) &&
    (durationFilter <= 0n || BigInt(clock.nowMs() - startMs) > durationFilter) &&
    (named === null || named.test(transactionalId))
  return {
    errorCode: 0,
    unknownStateFilters: stateFilters.filter((state) => !TRANSACTION_STATES.includes(state)),
    transactionStates: transactions
      .list(broker.id)
      .filter(isWanted)
      .map(({ transactionalId, producerId, state }) => ({
        transactionalId,
        producerId,
        transactionState: state,
      })),
  }
}

function expression(pattern: string): RegExp | 'invalid' {
  try {
    return new RegExp(`^(?:${pattern})$`)
  } catch {
    return 'invalid'
  }
}
