import type { SeenTransactions } from '../cluster-parts.interface.ts'
import type { Transaction } from '../txn/transaction.ts'
import type { TransactionCoordinator } from '../txn/transaction-coordinator.ts'
import type { Transactions } from '../txn/transactions.ts'
import type { StaleTopics } from './stale-topics.ts'

/** A stale broker's view of transactional ids; compare `StaleCoordinators`. */
export class StaleTransactions implements SeenTransactions {
  readonly #broker: number
  readonly #current: Transactions
  readonly #topics: StaleTopics
  readonly log: SeenTransactions['log']

  constructor(current: Transactions, { broker, topics }: { broker: number; topics: StaleTopics }) {
    this.#broker = broker
    this.#current = current
    this.#topics = topics
    const { log } = current
    this.log = {
      sought: () => log.sought() && topics.internal(log.name) !== undefined,
      loadsAny: (asked) => log.loadsAny(asked),
      partitionOf: (id) => log.partitionOf(id),
      refusal: (index, asked) =>
        current.deposedAt(broker, index) === undefined ? log.refusal(index, asked) : null,
    }
  }

  brokerOf(transactionalId: string): number | null {
    const { log } = this.#current
    return this.#topics.internal(log.name)?.leaderOf(log.partitionOf(transactionalId)) ?? null
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
