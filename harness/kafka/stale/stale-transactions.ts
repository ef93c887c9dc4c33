import type { SeenTransactions } from '../cluster-parts.interface.ts'
import type { Transaction } from '../txn/transaction.ts'
import type { TransactionCoordinator } from '../txn/transaction-coordinator.ts'
import type { Transactions } from '../txn/transactions.ts'
import { LeadersAtCut } from './leaders-at-cut.ts'

/** A stale broker's view of transactional ids; compare `StaleCoordinators`. */
export class StaleTransactions implements SeenTransactions {
  readonly #broker: number
  readonly #current: Transactions
  readonly #then: LeadersAtCut
  readonly log: SeenTransactions['log']

  constructor(current: Transactions, broker: number) {
    this.#broker = broker
    this.#current = current
    this.#then = new LeadersAtCut(current.log)
    this.log = {
      sought: () => current.log.sought(),
      loadsAny: (asked) => current.log.loadsAny(asked),
      partitionOf: (id) => current.log.partitionOf(id),
      refusal: (index, asked) =>
        current.deposedAt(broker, index) === undefined ? current.log.refusal(index, asked) : null,
    }
  }

  brokerOf(transactionalId: string): number | null {
    return this.#then.leaderOf(this.#current.log.partitionOf(transactionalId))
  }

  /** The broker's own coordinator, where it goes on coordinating the id. */
  of(transactionalId: string): TransactionCoordinator {
    return this.#deposedOf(transactionalId) ?? this.#current.of(transactionalId)
  }

  list(broker: number): readonly Transaction[] {
    const others = this.#current
      .list(broker)
      .filter(({ transactionalId }) => this.#deposedOf(transactionalId) === undefined)
    return [...this.#current.deposedList(this.#broker), ...others]
  }

  #deposedOf(transactionalId: string): TransactionCoordinator | undefined {
    const index = this.#current.log.partitionOf(transactionalId)
    return this.#current.deposedAt(this.#broker, index)
  }
}
