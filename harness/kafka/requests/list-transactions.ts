import { TRANSACTION_STATES, type Transaction } from '../txn/transaction.ts'
import type { Body } from '../wire/index.ts'
import { answerNow, code, type RequestContext, type Served } from './handler.ts'

interface Request {
  readonly stateFilters: readonly string[]
  readonly producerIdFilters: readonly bigint[]
  /** Version 1 on (KIP-994); −1: any. */
  readonly durationFilter?: bigint
  /** Version 2 on (KIP-1152). */
  readonly transactionalIdPattern?: string | null
}

/** ListTransactions (66), versions 0 to 2 (KIP-664): those that this broker coordinates. */
export const listTransactions: Served = {
  key: 66,
  min: 0,
  max: 2,
  handler: answerNow<Request>(list, (_context, errorCode) => failed(errorCode)),
}

function failed(errorCode: number): Body {
  return { errorCode, unknownStateFilters: [], transactionStates: [] }
}

function list({ cluster, broker, body }: RequestContext<Request>): Body {
  const { transactions, clock } = cluster
  if (transactions.log.loadsAny(broker.id)) return failed(code('COORDINATOR_LOAD_IN_PROGRESS'))
  const { stateFilters, producerIdFilters, durationFilter = -1n, transactionalIdPattern: pattern } = body
  const named = pattern === undefined || pattern === null || pattern === '' ? null : expression(pattern)
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
