import type { SeenTransactions } from '../cluster-parts.interface.ts'
import type { Transaction } from '../txn/transaction.ts'
import type { Transactions } from '../txn/transactions.ts'
import { LeadersAtCut } from './leaders-at-cut.ts'

/**
 * Transactions as a broker knows them that has not heard of what happened since; as
 * `StaleCoordinators`.
 */
export class StaleTransactions implements SeenTransactions {
  readonly #broker: number
  readonly #current: Transactions
  readonly #then: LeadersAtCut
  readonly log: SeenTransactions['log']
  readonly initProducerId: Transactions['initProducerId']
  readonly addPartitions: Transactions['addPartitions']
  readonly verify: Transactions['verify']
  readonly end: Transactions['end']

  constructor(current: Transactions, broker: number) {
    this.#broker = broker
    this.#current = current
    this.#then = new LeadersAtCut(current.log)
    this.log = {
      sought: () => current.log.sought(),
      loadsAny: (asked) => current.log.loadsAny(asked),
      partitionOf: (id) => current.log.partitionOf(id),
      refusal: (index, asked) =>
        current.deposedAt(broker)?.log.has(index) === true ? null : current.log.refusal(index, asked),
    }
    this.initProducerId = (asking, answer) => this.#of(asking.transactionalId).initProducerId(asking, answer)
    this.addPartitions = (asking, added, answer) =>
      this.#of(asking.transactionalId).addPartitions(asking, added, answer)
    this.verify = (asking, partition) => this.#of(asking.transactionalId).verify(asking, partition)
    this.end = (asking, answer) => this.#of(asking.transactionalId).end(asking, answer)
  }

  /** The transactions that this broker coordinates, or believes that another one does. */
  #of(transactionalId: string): Transactions {
    const deposed = this.#current.deposedAt(this.#broker)
    const index = this.#current.log.partitionOf(transactionalId)
    return deposed?.log.has(index) === true ? deposed.coordinator : this.#current
  }

  brokerOf(transactionalId: string): number | null {
    return this.#then.leaderOf(this.#current.log.partitionOf(transactionalId))
  }

  find(transactionalId: string): Transaction | undefined {
    return this.#of(transactionalId).find(transactionalId)
  }

  list(broker: number): readonly Transaction[] {
    const deposed = this.#current.deposedAt(this.#broker)?.coordinator.list(broker) ?? []
    const current = this.#current.list(broker)
    return [
      ...deposed,
      ...current.filter(({ transactionalId }) => this.#of(transactionalId) === this.#current),
    ]
  }
}
