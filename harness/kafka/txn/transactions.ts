import type { DeposedLeader } from '../replication/deposed-leader.ts'
import { DeposedCoordinators } from '../state-log/deposed-coordinators.ts'
import type { StateTopic } from '../state-log/state-topic.ts'
import type { StateEntry } from './state-entries.ts'
import type { Transaction } from './transaction.ts'
import { TransactionCoordinator, type TransactionHost } from './transaction-coordinator.ts'
import { newTransactionTopic } from './transaction-topic.ts'

/**
 * The transaction coordinators of all brokers: an id's coordinator is the leader of its partition
 * of `__transaction_state`. One that takes over reads the log; one that has not learnt of its
 * successor goes on beside it (KAFKA.md C4).
 */
export class Transactions {
  readonly log: StateTopic<StateEntry>
  /** The coordinator of all transactional ids, as the cluster has them. */
  readonly current: TransactionCoordinator
  readonly #cluster: TransactionHost
  readonly #deposed: DeposedCoordinators<StateEntry, TransactionCoordinator> = new DeposedCoordinators()

  constructor(cluster: TransactionHost) {
    this.#cluster = cluster
    this.log = newTransactionTopic(cluster, {
      moved: (partition, leader, loadMs) => this.#moved(partition, leader, loadMs),
      deposed: (partition, broker, leader) => this.#depose(partition, broker, leader),
      heard: (partition, broker) => this.#unload(partition, broker),
    })
    this.current = new TransactionCoordinator({ cluster, log: this.log, isDeposed: false })
  }

  /** Broker id, or null while no broker is left. */
  brokerOf(transactionalId: string): number | null {
    return this.log.leaderOf(this.log.partitionOf(transactionalId))
  }

  /** The id's coordinator. */
  of(_transactionalId: string): TransactionCoordinator {
    return this.current
  }

  /** Transactions that this broker coordinates. */
  list(broker: number): readonly Transaction[] {
    return this.current.list(broker)
  }

  /** The coordinator that this broker goes on running for the partition, or undefined. */
  deposedAt(broker: number, partition: number): TransactionCoordinator | undefined {
    return this.#deposed.of(broker, partition)
  }

  /** Transactions that this broker goes on coordinating, of those that `broker` coordinates. */
  deposedList(broker: number): readonly Transaction[] {
    return this.#deposed.at(broker)?.coordinator.list(broker) ?? []
  }

  move(transactionalId: string, to?: number): void {
    this.log.move(this.log.partitionOf(transactionalId), to)
  }

  /** The partition's transactions stay with this broker as they are, until it hears. */
  #depose(partition: number, broker: number, leader: DeposedLeader): void {
    const deposed = this.#deposed.add(
      { partition, broker, leader },
      this.log,
      (log) => new TransactionCoordinator({ cluster: this.#cluster, log, isDeposed: true }),
    )
    this.current.handTo(deposed, partition)
  }

  /** The broker has learnt that it no longer coordinates these transactions. */
  #unload(partition: number, broker: number): void {
    this.#deposed.remove(partition, broker)?.drop(partition)
  }

  /** The partition's new leader reads its log. While no broker leads it, its log waits. */
  #moved(partition: number, leader: number | null, loadMs: number): void {
    // One that was deposed and leads again reads its log like anybody else.
    if (leader !== null) this.#unload(partition, leader)
    this.current.stop(partition)
    if (leader !== null) this.current.load(partition, loadMs)
  }
}
