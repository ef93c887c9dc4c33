import { partitionName } from '../../core/names.ts'
import type { StateLog } from '../state-log/state-topic.ts'
import type { Asking, AskingProducer } from './asking.interface.ts'
import { KeptTransactions } from './kept-transactions.ts'
import { type MarkerHost, Markers } from './markers.ts'
import type { StateEntry } from './state-entries.ts'
import {
  identityOf,
  isChanging,
  isExhausted,
  isPreparing,
  mayBe,
  NO_EPOCH,
  NO_PRODUCER,
  NO_PRODUCER_ID,
  type ProducerIdentity,
  raisedEpoch,
  type Transaction,
  type TransactionOutcome,
  type TransactionPartition,
  type TransactionVersion,
} from './transaction.ts'
import { judgeEnd } from './transaction-end-rules.ts'
import { TransactionEnds } from './transaction-ends.ts'
import { TransactionTimeouts } from './transaction-timeouts.ts'

export interface TransactionHost extends MarkerHost {
  newProducerId(): bigint
}

export interface TransactionCoordinatorOptions {
  readonly cluster: TransactionHost
  /** `__transaction_state` as this coordinator reads and writes it. */
  readonly log: StateLog<StateEntry>
  /** Whether another broker has replaced it, of which it has not learnt (KAFKA.md C4). */
  readonly isDeposed: boolean
}

/**
 * A coordinator of transactions over a log (KAFKA.md X1 to X4, X9, X10): each transactional id is a
 * state machine whose changes are written to `__transaction_state` before they are answered, and
 * whose end is written to every partition by and by. The judge is TransactionCoordinator and
 * TransactionMetadata of Apache Kafka 4. Errors are Kafka's newest; handlers of old versions map
 * them.
 */
export class TransactionCoordinator {
  readonly #log: StateLog<StateEntry>
  readonly #cluster: TransactionHost
  readonly #markers: Markers
  readonly #kept: KeptTransactions
  readonly #ends: TransactionEnds
  readonly #timeouts: TransactionTimeouts

  constructor({ cluster, log, isDeposed }: TransactionCoordinatorOptions) {
    this.#cluster = cluster
    this.#markers = new Markers(cluster)
    this.#log = log
    const kept = new KeptTransactions({ cluster, log, isDeposed })
    this.#kept = kept
    this.#ends = new TransactionEnds({ cluster, log, kept, markers: this.#markers })
    this.#timeouts = new TransactionTimeouts({
      cluster,
      kept,
      serves: (transactionalId) => this.#refusal(transactionalId, this.#brokerOf(transactionalId)) === null,
      fence: (transaction) => this.#ends.fence(transaction, () => {}),
    })
  }

  // --- requests

  /** X1: fences the id's last producer, and ends the transaction that it had begun. */
  initProducerId(
    asking: Asking & { readonly timeoutMs: number; readonly expected: ProducerIdentity | null },
    answer: (error: string | null, producer: ProducerIdentity) => void,
  ): void {
    const { transactionalId, broker, timeoutMs, expected } = asking
    const fail = (error: string): void => answer(error, NO_PRODUCER)
    if (timeoutMs <= 0 || timeoutMs > this.#cluster.settings['transaction.max.timeout.ms'])
      return fail('INVALID_TRANSACTION_TIMEOUT')
    const refusal = this.#refusal(transactionalId, broker)
    if (refusal !== null) return fail(refusal)
    const transaction = this.#kept.find(transactionalId) ?? this.#kept.create(transactionalId)
    if (isChanging(transaction)) return fail('CONCURRENT_TRANSACTIONS')
    if (expected !== null && !mayBe(transaction, expected)) return fail('PRODUCER_FENCED')
    if (transaction.state === 'Ongoing')
      return this.#ends.fence(transaction, (error) => fail(error ?? 'CONCURRENT_TRANSACTIONS'))
    const rotates =
      isExhausted(transaction.producerEpoch) &&
      (expected === null || expected.producerEpoch === transaction.producerEpoch)
    const epochs = rotates
      ? { producerEpoch: 0, lastProducerEpoch: expected === null ? NO_EPOCH : transaction.producerEpoch }
      : raisedEpoch(transaction, expected)
    if (epochs === null) return fail('PRODUCER_FENCED')
    const { producerId } = transaction
    const next = {
      ...epochs,
      timeoutMs,
      startMs: -1,
      process: asking.process,
      previousProducerId: producerId,
      producerId: rotates ? this.#cluster.newProducerId() : producerId,
    }
    this.#kept.write(transaction, { state: 'Empty', next }, (error) => {
      if (error !== null) return fail(error)
      this.#kept.observe(transaction, 'initialised')
      answer(null, identityOf(transaction))
    })
  }

  /** X2. Version 2 is how brokers add partitions for producers of KIP-890. */
  addPartitions(
    asking: AskingProducer & { readonly version?: TransactionVersion },
    added: readonly TransactionPartition[],
    answer: (error: string | null) => void,
  ): void {
    const transaction = this.#checked(asking)
    if (typeof transaction === 'string') return answer(transaction)
    if (isChanging(transaction)) return answer('CONCURRENT_TRANSACTIONS')
    const fresh = added.filter((each) => !transaction.partitions.has(partitionName(each)))
    const begins = transaction.state !== 'Ongoing'
    if (!begins && fresh.length === 0) return answer(null)
    const { version = 0 } = asking
    const next = {
      version,
      process: asking.process,
      ...(begins ? { startMs: this.#cluster.clock.nowMs() } : {}),
    }
    const partitions = new Map([
      ...transaction.partitions,
      ...fresh.map((each) => [partitionName(each), each] as const),
    ])
    const written = (error: string | null): void => {
      if (error === null) {
        if (begins) this.#kept.observe(transaction, 'began')
        this.#timeouts.watch(transaction)
      }
      answer(error)
    }
    this.#kept.write(transaction, { state: 'Ongoing', next, partitions }, written)
  }

  /** Whether the producer has an open transaction that this partition is part of (KIP-890). */
  verify(asking: AskingProducer, partition: TransactionPartition): string | null {
    const transaction = this.#checked(asking)
    if (typeof transaction === 'string') return transaction
    if (isPreparing(transaction)) return 'CONCURRENT_TRANSACTIONS'
    return transaction.partitions.has(partitionName(partition)) ? null : 'TRANSACTION_ABORTABLE'
  }

  /** X3: answered when the decision is in the log; the markers follow. */
  end(
    asking: AskingProducer & { readonly outcome: TransactionOutcome; readonly version: TransactionVersion },
    answer: (error: string | null, producer: ProducerIdentity) => void,
  ): void {
    const { transactionalId, broker, outcome, version } = asking
    const fail = (error: string): void => answer(error, NO_PRODUCER)
    const refusal = this.#refusal(transactionalId, broker)
    if (refusal !== null) return fail(refusal)
    const transaction = this.#kept.find(transactionalId)
    if (transaction === undefined) return fail('INVALID_PRODUCER_ID_MAPPING')
    const judged = judgeEnd(transaction, asking)
    if (judged === 'ended') return answer(null, identityOf(transaction))
    if (judged !== 'ends') return fail(judged)
    transaction.process = asking.process
    this.#ends.prepare(transaction, { outcome, version, fences: false }, (error) => {
      if (error !== null) return fail(error)
      const { nextProducerId } = transaction
      const rotates = nextProducerId !== NO_PRODUCER_ID
      answer(null, rotates ? { producerId: nextProducerId, producerEpoch: 0 } : identityOf(transaction))
    })
  }

  /** The transaction, if coordinator, epoch and id are right, or an error. */
  #checked({ transactionalId, broker, producerId, producerEpoch }: AskingProducer): Transaction | string {
    const refusal = this.#refusal(transactionalId, broker)
    if (refusal !== null) return refusal
    const transaction = this.#kept.find(transactionalId)
    if (transaction === undefined || transaction.producerId !== producerId)
      return 'INVALID_PRODUCER_ID_MAPPING'
    return transaction.producerEpoch === producerEpoch ? transaction : 'PRODUCER_FENCED'
  }

  // --- looks

  /** Transactions that have begun and not come to their end. */
  get open(): number {
    return this.#kept.ongoing.size + this.#kept.ending.size
  }

  #brokerOf(transactionalId: string): number | null {
    return this.#log.leaderOf(this.#log.partitionOf(transactionalId))
  }

  /** The error that this broker answers for this id, or null where it may serve. */
  #refusal(transactionalId: string, broker: number | null): string | null {
    return this.#log.refusal(this.#log.partitionOf(transactionalId), broker)
  }

  /**
   * The transactional id as its coordinator knows it, unless it has expired (X10). Judged when
   * looked at.
   */
  find(transactionalId: string): Transaction | undefined {
    return this.#kept.find(transactionalId)
  }

  /** Those that this broker coordinates. */
  list(broker: number): readonly Transaction[] {
    return [...this.#kept.all.keys()]
      .filter((id) => this.#brokerOf(id) === broker)
      .flatMap((id) => this.find(id) ?? [])
  }

  // --- its tenure of a partition

  /** The transactions of the partition stay as they are with the deposed coordinator. */
  handTo(deposed: TransactionCoordinator, partition: number): void {
    for (const transaction of this.#kept.of(partition)) deposed.#take(transaction)
  }

  /** Stops all writes about the partition's transactions. */
  stop(partition: number): void {
    for (const transaction of this.#kept.of(partition)) {
      transaction.pending = null
      this.#markers.drop(transaction)
    }
  }

  /**
   * Reads the transactions of the partition from its log, and sends the markers of decided ones
   * again.
   */
  load(partition: number, loadMs: number): void {
    this.#kept.forgetAll(partition)
    for (const { transactionalId, kept } of this.#log.entries(partition)) {
      const before = this.#kept.all.get(transactionalId)
      if (before !== undefined) this.#kept.forget(before)
      if (kept !== null) this.#take(kept)
    }
    const decided = this.#kept.endingOf(partition)
    if (decided.length === 0) return
    const epoch = this.#log.epochOf(partition)
    this.#cluster.clock.after(loadMs, () => {
      if (this.#log.epochOf(partition) !== epoch) return
      for (const transaction of decided) this.#ends.sendMarkers(transaction)
    })
  }

  /** Drops the transactions of a partition that another broker coordinates. */
  drop(partition: number): void {
    this.stop(partition)
    this.#kept.forgetAll(partition)
    if (this.#kept.ongoing.size === 0) this.#timeouts.rest()
  }

  #take(kept: Transaction): void {
    const transaction = this.#kept.load(kept)
    if (transaction.state === 'Ongoing') this.#timeouts.watch(transaction)
  }
}
