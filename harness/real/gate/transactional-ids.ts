import type { AnswerBody, Body, RequestBody } from '../../kafka/index.ts'
import { type Exchange, isOf } from './exchange.ts'

const TRANSACTION_KEY = 1
/** Requests that name one transactional id, or none. */
const OF_ONE = ['InitProducerId', 'AddOffsetsToTxn', 'EndTxn', 'TxnOffsetCommit', 'Produce'] as const

/**
 * The transactional ids of one try. A cluster keeps what it knows of an id for a week, so that the
 * next try on it would find its producers known, and a service of somebody else's would be fenced:
 * the broker sees each id behind a prefix.
 */
export class TransactionalIds {
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** The request as the broker is to see it, or null where it names no id. */
  asked(exchange: Exchange): Body | null {
    if (isOf(exchange, 'FindCoordinator')) return this.#sought(exchange.request)
    if (isOf(exchange, 'AddPartitionsToTxn')) return this.#added(exchange.request)
    for (const api of OF_ONE) if (isOf(exchange, api)) return this.#ofOne(exchange.request)
    return null
  }

  /** The coordinators with the ids by which the client asked for them. */
  coordinators(answer: AnswerBody<'FindCoordinator'>): AnswerBody<'FindCoordinator'>['coordinators'] {
    return answer.coordinators.map((each) =>
      each.key.startsWith(this.#prefix) ? { ...each, key: each.key.slice(this.#prefix.length) } : each,
    )
  }

  #sought(request: RequestBody<'FindCoordinator'> | null): Body | null {
    if (request?.keyType !== TRANSACTION_KEY) return null
    const coordinatorKeys = request.coordinatorKeys.map((key) => this.#own(key))
    return { ...request, key: this.#own(request.key), coordinatorKeys }
  }

  #added(request: RequestBody<'AddPartitionsToTxn'> | null): Body | null {
    if (request === null) return null
    const transactions = request.transactions.map((each) => ({
      ...each,
      transactionalId: this.#own(each.transactionalId),
    }))
    const v3AndBelowTransactionalId = this.#own(request.v3AndBelowTransactionalId)
    return { ...request, transactions, v3AndBelowTransactionalId }
  }

  #ofOne(request: { readonly transactionalId: string | null } | null): Body | null {
    const id = request?.transactionalId ?? null
    return id === null ? null : { ...request, transactionalId: this.#own(id) }
  }

  #own(id: string): string {
    return this.#prefix + id
  }
}
