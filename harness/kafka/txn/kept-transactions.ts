import type { EventOf } from '../../core/history.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import { type BatchPlace, type StateBatch, stateBatch } from '../state-log/state-batch.ts'
import type { Appended, StateLog } from '../state-log/state-topic.ts'
import { encodeStateEntry, loadedFrom, type StateEntry } from './state-entries.ts'
import {
  isPreparing,
  newTransaction,
  type Transaction,
  type TransactionPartition,
  type TransactionState,
} from './transaction.ts'

export interface TransactionChange {
  readonly state: TransactionState
  readonly next: Partial<Transaction>
  /** Default: those that it has. */
  readonly partitions?: ReadonlyMap<string, TransactionPartition>
}

export interface KeptTransactionsOptions {
  readonly cluster: ClusterHost & { newProducerId(): bigint }
  readonly log: StateLog<StateEntry>
  /** Whether this is a deposed coordinator, whose events count for nobody else. */
  readonly isDeposed: boolean
}

/**
 * Transactional ids as coordinators keep them, and as they are written to `__transaction_state`.
 */
export class KeptTransactions {
  /** By transactional id. */
  readonly all: Map<string, Transaction> = new Map()
  readonly ongoing: Set<Transaction> = new Set()
  /** Decided, with markers that are not all written. */
  readonly ending: Set<Transaction> = new Set()
  readonly #cluster: KeptTransactionsOptions['cluster']
  readonly #log: StateLog<StateEntry>
  readonly #isDeposed: boolean

  constructor({ cluster, log, isDeposed }: KeptTransactionsOptions) {
    this.#cluster = cluster
    this.#log = log
    this.#isDeposed = isDeposed
  }

  /** As `Transactions.find`. */
  find(transactionalId: string): Transaction | undefined {
    const transaction = this.all.get(transactionalId)
    if (transaction === undefined) return undefined
    const idle = transaction.pending === null && transaction.state !== 'Ongoing' && !isPreparing(transaction)
    const expiresMs = transaction.updatedMs + this.#cluster.settings['transactional.id.expiration.ms']
    if (!idle || this.#cluster.clock.nowMs() < expiresMs) return transaction
    this.all.delete(transactionalId)
    this.#append({ transactionalId, kept: null }, { applied() {}, answered() {} })
    return undefined
  }

  /** Those whose id is kept in this partition. */
  of(partition: number): Transaction[] {
    return [...this.all.values()].filter(
      ({ transactionalId }) => this.#log.partitionOf(transactionalId) === partition,
    )
  }

  /** Those of the partition that are decided, in the order in which that happened. */
  endingOf(partition: number): Transaction[] {
    return [...this.ending].filter(
      ({ transactionalId }) => this.#log.partitionOf(transactionalId) === partition,
    )
  }

  create(transactionalId: string): Transaction {
    const { clock } = this.#cluster
    const made = newTransaction(transactionalId, this.#cluster.newProducerId(), clock.nowMs())
    this.all.set(transactionalId, made)
    return made
  }

  /** As it stands in the log, or with the coordinator that led until now. */
  load(kept: Transaction): Transaction {
    const transaction = loadedFrom(kept)
    this.all.set(transaction.transactionalId, transaction)
    if (isPreparing(transaction)) this.ending.add(transaction)
    return transaction
  }

  forget(transaction: Transaction): void {
    this.all.delete(transaction.transactionalId)
    this.ongoing.delete(transaction)
    this.ending.delete(transaction)
  }

  forgetAll(partition: number): void {
    for (const transaction of this.of(partition)) this.forget(transaction)
  }

  /**
   * Appends to `__transaction_state`; when that is replicated, the transaction is in its new state.
   */
  write(
    transaction: Transaction,
    { state, next, partitions = transaction.partitions }: TransactionChange,
    done: (error: string | null) => void,
  ): void {
    const partition = this.#log.partitionOf(transaction.transactionalId)
    const epoch = this.#log.epochOf(partition)
    transaction.pending = state
    let waits = true
    const applied = (): void => {
      if (!waits) return
      transaction.pending = null
      const updatedMs = this.#cluster.clock.nowMs()
      Object.assign(transaction, next, { state, updatedMs, partitions })
    }
    const answered = (error: string | null): void => {
      if (!waits) return
      waits = false
      // An entry that is replicated after all counts for the next coordinator only, as in Kafka.
      if (error !== null && this.#log.epochOf(partition) === epoch) transaction.pending = null
      done(error)
    }
    const append = (): void => {
      // The broker has stopped being the coordinator.
      if (this.#log.epochOf(partition) !== epoch) return answered('NOT_COORDINATOR')
      const updatedMs = this.#cluster.clock.nowMs()
      const kept = {
        ...transaction,
        ...next,
        state,
        updatedMs,
        pending: null,
        partitions: new Map(partitions),
      }
      this.#append({ transactionalId: transaction.transactionalId, kept }, { applied, answered })
    }
    const delayMs = this.#cluster.settings['onceover.transaction.append.ms']
    if (delayMs > 0) this.#cluster.clock.after(delayMs, append)
    else append()
  }

  #append(entry: StateEntry, { applied, answered }: Appended): void {
    const partition = this.#log.partitionOf(entry.transactionalId)
    const make = (place: BatchPlace): StateBatch<StateEntry> =>
      stateBatch([entry], place, { encode: encodeStateEntry })
    this.#log.append(partition, make, { applied, answered })
  }

  observe(transaction: Transaction, phase: EventOf<'transaction'>['phase']): void {
    if (this.#isDeposed) return
    const { transactionalId, producerId, producerEpoch, process } = transaction
    this.#cluster.observe({ kind: 'transaction', process, transactionalId, producerId, producerEpoch, phase })
  }
}
