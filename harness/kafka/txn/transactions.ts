import { DeposedLog } from '../internal/deposed-log.ts'
import { type StateBatch, stateBatch } from '../internal/state-batch.ts'
import { type Appended, type Place, type StateLog, StateTopic } from '../internal/state-topic.ts'
import { LazyTask } from '../lazy-task.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import { type MarkerHost, Markers } from './markers.ts'
import { encodeStateEntry, loadedFrom, STATE_RULES, STATE_TOPIC, type StateEntry } from './state-entries.ts'
import {
  isExhausted,
  isPreparing,
  isRepeatedEnd,
  keyOfPartition,
  mayBe,
  NO_EPOCH,
  NO_PRODUCER,
  NO_PRODUCER_ID,
  newTransaction,
  type Outcome,
  type ProducerIdentity,
  REQUEST_TIMEOUT_MS,
  raisedEpoch,
  type Transaction,
  type TransactionPartition,
  type TransactionState,
  type TransactionVersion,
} from './transaction.ts'

export interface TransactionHost extends MarkerHost {
  newProducerId(): bigint
}

/** How long a coordinator waits before it notes again that all markers are written. */
const RETRY_MS = 100

interface Change {
  readonly state: TransactionState
  readonly next: Partial<Transaction>
  /** Default: those that it has. */
  readonly partitions?: ReadonlyMap<string, TransactionPartition>
}

/** What one broker goes on coordinating although others do. */
export interface DeposedTransactions {
  readonly transactions: Transactions
  readonly log: DeposedLog<StateEntry>
}

/** Who asks, and where. */
export interface Asking {
  readonly transactionalId: string
  /** The broker that was asked. */
  readonly broker: number | null
  readonly process: string | null
}

export type AskingProducer = Asking & ProducerIdentity

type Phase = 'initialised' | 'began' | 'prepare-commit' | 'prepare-abort' | 'committed' | 'aborted' | 'fenced'

/**
 * The transaction coordinators of all brokers (KAFKA.md X1 to X4, X9, X10): each transactional id is a state machine
 * that is written to `__transaction_state` before anybody is told, and whose end is written to every partition by and by.
 * The judge is TransactionCoordinator and TransactionMetadata of Apache Kafka 4. Errors are Kafka's newest; who answers
 * an old version maps them.
 */
export class Transactions {
  /** The log of all of them. */
  readonly log: StateTopic<StateEntry>
  /** As it is read and written here. */
  readonly #log: StateLog<StateEntry>
  /** By broker: what it goes on coordinating, as it has not heard of its successors (C4). Null where nobody ever did. */
  #deposed: Map<number, DeposedTransactions> | null = null
  /** It is one of those that go on. */
  readonly #isDeposed: boolean
  readonly #cluster: TransactionHost
  readonly #markers: Markers
  readonly #transactions: Map<string, Transaction> = new Map()
  readonly #ongoing: Set<Transaction> = new Set()
  /** Decided, with markers that are not all written. */
  readonly #ending: Set<Transaction> = new Set()
  readonly #timeouts: LazyTask

  /** @param deposed a broker that goes on coordinating what it led, and who coordinates it now */
  constructor(
    cluster: TransactionHost,
    deposed: { readonly log: StateLog<StateEntry>; readonly successors: Transactions } | null = null,
  ) {
    this.#cluster = cluster
    this.#markers = new Markers(cluster)
    this.#isDeposed = deposed !== null
    this.log = deposed?.successors.log ?? this.#makeLog()
    this.#log = deposed?.log ?? this.log
    const intervalMs = cluster.settings['transaction.abort.timed.out.transaction.cleanup.interval.ms']
    this.#timeouts = new LazyTask({
      clock: cluster.clock,
      firstMs: cluster.clock.nowMs() + intervalMs,
      intervalMs,
      run: (nowMs) => this.#abortOverdue(nowMs),
    })
  }

  #makeLog(): StateTopic<StateEntry> {
    const { settings } = this.#cluster
    return new StateTopic({
      host: this.#cluster,
      name: STATE_TOPIC,
      count: settings['transaction.state.log.num.partitions'],
      factor: settings['transaction.state.log.replication.factor'] || settings['default.replication.factor'],
      inSyncMin: settings['transaction.state.log.min.isr'],
      appendTimeoutMs: REQUEST_TIMEOUT_MS,
      rules: STATE_RULES,
      mayElectUnclean: false,
      configs: { 'min.insync.replicas': String(settings['transaction.state.log.min.isr']) },
      moved: (partition, leader, loadMs) => this.#moved(partition, leader, loadMs),
      deposed: (partition, broker, leader) => this.#depose(partition, broker, leader),
      heard: (partition, broker) => this.#unload(partition, broker),
    })
  }

  // --- requests

  /** X1: fences whoever used this id before, and ends what that one had begun. */
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
    const transaction = this.find(transactionalId) ?? this.#create(transactionalId)
    if (transaction.pending !== null) return fail('CONCURRENT_TRANSACTIONS')
    if (expected !== null && !mayBe(transaction, expected)) return fail('PRODUCER_FENCED')
    if (isPreparing(transaction)) return fail('CONCURRENT_TRANSACTIONS')
    if (transaction.state === 'Ongoing')
      return this.#fence(transaction, (error) => fail(error ?? 'CONCURRENT_TRANSACTIONS'))
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
    this.#write(transaction, { state: 'Empty', next }, (error) => {
      if (error !== null) return fail(error)
      this.#observe(transaction, 'initialised')
      answer(null, { producerId: transaction.producerId, producerEpoch: transaction.producerEpoch })
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
    if (transaction.pending !== null || isPreparing(transaction)) return answer('CONCURRENT_TRANSACTIONS')
    const fresh = added.filter((each) => !transaction.partitions.has(keyOfPartition(each)))
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
      ...fresh.map((each) => [keyOfPartition(each), each] as const),
    ])
    const written = (error: string | null): void => {
      if (error === null) {
        if (begins) this.#observe(transaction, 'began')
        this.#watch(transaction)
      }
      answer(error)
    }
    this.#write(transaction, { state: 'Ongoing', next, partitions }, written)
  }

  /** Whether the producer has an open transaction that this partition is part of (KIP-890). */
  verify(asking: AskingProducer, partition: TransactionPartition): string | null {
    const transaction = this.#checked(asking)
    if (typeof transaction === 'string') return transaction
    if (isPreparing(transaction)) return 'CONCURRENT_TRANSACTIONS'
    return transaction.partitions.has(keyOfPartition(partition)) ? null : 'TRANSACTION_ABORTABLE'
  }

  /** X3: answered when the decision is in the log; the markers follow. */
  end(
    asking: AskingProducer & { readonly outcome: Outcome; readonly version: TransactionVersion },
    answer: (error: string | null, producer: ProducerIdentity) => void,
  ): void {
    const { transactionalId, broker, outcome, version, producerId, producerEpoch } = asking
    const fail = (error: string): void => answer(error, NO_PRODUCER)
    const refusal = this.#refusal(transactionalId, broker)
    if (refusal !== null) return fail(refusal)
    const transaction = this.find(transactionalId)
    if (transaction === undefined) return fail('INVALID_PRODUCER_ID_MAPPING')
    const repeated = version === 2 && isRepeatedEnd(transaction, asking)
    if (transaction.producerId !== producerId && !repeated) return fail('INVALID_PRODUCER_ID_MAPPING')
    const { state } = transaction
    const epochFits = producerEpoch === transaction.producerEpoch
    const late = repeated && state !== 'Ongoing' && state !== 'Empty'
    // A transaction of version 2 that is being ended has raised its epoch already.
    if (!late && (!epochFits || (version === 2 && transaction.version === 2 && isPreparing(transaction))))
      return fail('PRODUCER_FENCED')
    if (transaction.pending !== null) return fail('CONCURRENT_TRANSACTIONS')
    const now = (): ProducerIdentity => ({
      producerId: transaction.producerId,
      producerEpoch: transaction.producerEpoch,
    })
    const agrees = outcome === 'commit' ? state.endsWith('Commit') : state.endsWith('Abort')
    // Version 2 may abort a transaction that nothing was added to, to be sure of its epoch.
    const abortsNothing = version === 2 && outcome === 'abort' && !late && !isPreparing(transaction)
    if (state !== 'Ongoing' && !abortsNothing) {
      if (!agrees || (version === 2 && !late)) return fail('INVALID_TXN_STATE')
      return isPreparing(transaction) ? fail('CONCURRENT_TRANSACTIONS') : answer(null, now())
    }
    transaction.process = asking.process
    this.#prepare(transaction, { outcome, version, fences: false }, (error) => {
      if (error !== null) return fail(error)
      const { nextProducerId } = transaction
      answer(
        null,
        nextProducerId === NO_PRODUCER_ID ? now() : { producerId: nextProducerId, producerEpoch: 0 },
      )
    })
  }

  // --- looks

  /** Transactions that have begun and not come to their end. */
  get open(): number {
    return this.#ongoing.size + this.#ending.size
  }

  brokerOf(transactionalId: string): number | null {
    return this.#log.leaderOf(this.#log.partitionOf(transactionalId))
  }

  /** The error that this broker answers for this id, or null where it may serve. */
  #refusal(transactionalId: string, broker: number | null): string | null {
    return this.#log.refusal(this.#log.partitionOf(transactionalId), broker)
  }

  /** The transactional id as its coordinator knows it, unless it has expired (X10). Judged when looked at. */
  find(transactionalId: string): Transaction | undefined {
    const transaction = this.#transactions.get(transactionalId)
    if (transaction === undefined) return undefined
    const idle = transaction.pending === null && transaction.state !== 'Ongoing' && !isPreparing(transaction)
    const expiresMs = transaction.updatedMs + this.#cluster.settings['transactional.id.expiration.ms']
    if (!idle || this.#cluster.clock.nowMs() < expiresMs) return transaction
    this.#transactions.delete(transactionalId)
    this.#append({ transactionalId, kept: null }, { applied() {}, answered() {} })
    return undefined
  }

  /** Those that this broker coordinates. */
  list(broker: number): readonly Transaction[] {
    return [...this.#transactions.keys()]
      .filter((id) => this.brokerOf(id) === broker)
      .flatMap((id) => this.find(id) ?? [])
  }

  // --- coordinators come and go

  move(transactionalId: string, to?: number): void {
    this.log.move(this.log.partitionOf(transactionalId), to)
  }

  /** Who leads the partition now reads its log, and sends the markers of what is decided again. */
  #moved(partition: number, leader: number | null, loadMs: number): void {
    // One that was deposed and leads again reads its log like anybody else.
    if (leader !== null) this.#unload(partition, leader)
    for (const transaction of [...this.#transactions.values()]) {
      if (this.log.partitionOf(transaction.transactionalId) !== partition) continue
      transaction.pending = null
      this.#markers.drop(transaction)
      // While no broker leads the partition, its log waits.
      if (leader !== null) this.#forget(transaction)
    }
    if (leader === null) return
    for (const { transactionalId, kept } of this.#log.entries(partition)) {
      const before = this.#transactions.get(transactionalId)
      if (before !== undefined) this.#forget(before)
      if (kept !== null) this.#load(kept)
    }
    const decided = [...this.#ending].filter(
      ({ transactionalId }) => this.log.partitionOf(transactionalId) === partition,
    )
    if (decided.length === 0) return
    const epoch = this.#log.epochOf(partition)
    this.#cluster.clock.after(loadMs, () => {
      if (this.#log.epochOf(partition) !== epoch) return
      for (const transaction of decided) this.#sendMarkers(transaction)
    })
  }

  /** What this broker goes on coordinating, or undefined. */
  deposedAt(broker: number): DeposedTransactions | undefined {
    return this.#deposed?.get(broker)
  }

  /** What the partition coordinates stays with this broker as it is, until it hears. */
  #depose(partition: number, broker: number, leader: DeposedLeader): void {
    this.#deposed ??= new Map()
    const deposed = this.#deposed.get(broker) ?? this.#newDeposed(broker)
    this.#deposed.set(broker, deposed)
    deposed.log.add(partition, leader)
    for (const transaction of this.#transactions.values()) {
      if (this.log.partitionOf(transaction.transactionalId) !== partition) continue
      deposed.transactions.#load(transaction)
    }
  }

  #newDeposed(broker: number): DeposedTransactions {
    const log = new DeposedLog(this.log, broker)
    return { log, transactions: new Transactions(this.#cluster, { log, successors: this }) }
  }

  /** The broker has heard that it does not coordinate this any more. */
  #unload(partition: number, broker: number): void {
    const deposed = this.#deposed?.get(broker)
    if (deposed === undefined || !deposed.log.has(partition)) return
    deposed.log.remove(partition)
    deposed.transactions.#drop(partition)
  }

  #drop(partition: number): void {
    for (const transaction of [...this.#transactions.values()]) {
      if (this.log.partitionOf(transaction.transactionalId) !== partition) continue
      transaction.pending = null
      this.#markers.drop(transaction)
      this.#forget(transaction)
    }
    if (this.#ongoing.size === 0) this.#timeouts.rest()
  }

  #load(kept: Transaction): void {
    const transaction = loadedFrom(kept)
    this.#transactions.set(transaction.transactionalId, transaction)
    if (transaction.state === 'Ongoing') this.#watch(transaction)
    if (isPreparing(transaction)) this.#ending.add(transaction)
  }

  #forget(transaction: Transaction): void {
    this.#transactions.delete(transaction.transactionalId)
    this.#ongoing.delete(transaction)
    this.#ending.delete(transaction)
  }

  // --- the state machine

  /** Also the epoch and the id are right, or an error. */
  #checked({ transactionalId, broker, producerId, producerEpoch }: AskingProducer): Transaction | string {
    const refusal = this.#refusal(transactionalId, broker)
    if (refusal !== null) return refusal
    const transaction = this.find(transactionalId)
    if (transaction === undefined || transaction.producerId !== producerId)
      return 'INVALID_PRODUCER_ID_MAPPING'
    return transaction.producerEpoch === producerEpoch ? transaction : 'PRODUCER_FENCED'
  }

  #create(transactionalId: string): Transaction {
    const { clock } = this.#cluster
    const made = newTransaction(transactionalId, this.#cluster.newProducerId(), clock.nowMs())
    this.#transactions.set(transactionalId, made)
    return made
  }

  /** PrepareEpochFence: what was open is aborted under an epoch that nobody has been given. */
  #fence(transaction: Transaction, done: (error: string | null) => void): void {
    const version = this.#cluster.settings['onceover.transaction.version'] < 2 ? 0 : 2
    this.#prepare(transaction, { outcome: 'abort', version, fences: true }, done)
  }

  #prepare(
    transaction: Transaction,
    { outcome, version, fences }: { outcome: Outcome; version: TransactionVersion; fences: boolean },
    done: (error: string | null) => void,
  ): void {
    const { producerEpoch, startMs } = transaction
    const rotates = version === 2 && !fences && isExhausted(producerEpoch)
    const lastProducerEpoch = version === 2 ? producerEpoch : NO_EPOCH
    const raised = version === 2 || fences ? { producerEpoch: producerEpoch + 1, lastProducerEpoch } : {}
    const next = {
      ...raised,
      version,
      startMs: startMs < 0 ? this.#cluster.clock.nowMs() : startMs,
      nextProducerId: rotates ? this.#cluster.newProducerId() : NO_PRODUCER_ID,
    }
    const state = outcome === 'commit' ? 'PrepareCommit' : 'PrepareAbort'
    this.#write(transaction, { state, next }, (error) => {
      if (error === null) {
        this.#ongoing.delete(transaction)
        this.#ending.add(transaction)
        if (fences) this.#observe(transaction, 'fenced')
        this.#observe(transaction, outcome === 'commit' ? 'prepare-commit' : 'prepare-abort')
      }
      done(error)
      if (error === null) this.#sendMarkers(transaction)
    })
  }

  #sendMarkers(transaction: Transaction): void {
    const commits = transaction.state === 'PrepareCommit'
    const outcome = commits ? 'commit' : 'abort'
    const coordinatorEpoch = this.#log.epochOf(this.#log.partitionOf(transaction.transactionalId))
    const written = (partition: TransactionPartition): void => {
      const left = new Map(transaction.partitions)
      left.delete(keyOfPartition(partition))
      transaction.partitions = left
    }
    this.#markers.send(transaction, { outcome, coordinatorEpoch, written }, () => {
      const { producerId, producerEpoch, nextProducerId, version } = transaction
      const rotated = { producerId: nextProducerId, previousProducerId: producerId, producerEpoch: 0 }
      const next = {
        ...(nextProducerId === NO_PRODUCER_ID ? {} : { ...rotated, nextProducerId: NO_PRODUCER_ID }),
        ...(version === 2 && nextProducerId !== NO_PRODUCER_ID ? { lastProducerEpoch: producerEpoch } : {}),
      }
      this.#complete(transaction, { state: commits ? 'CompleteCommit' : 'CompleteAbort', next })
    })
  }

  /** All markers are written. Where that cannot be noted it is tried again, for as long as this is the coordinator. */
  #complete(transaction: Transaction, end: { state: TransactionState; next: Partial<Transaction> }): void {
    const ended = { ...transaction }
    this.#write(transaction, { ...end, partitions: new Map() }, (error) => {
      if (error === 'NOT_COORDINATOR') return
      if (error !== null) {
        this.#cluster.clock.after(RETRY_MS, () => {
          if (this.#ending.has(transaction)) this.#complete(transaction, end)
        })
        return
      }
      this.#ending.delete(transaction)
      this.#observe(ended, end.state === 'CompleteCommit' ? 'committed' : 'aborted')
    })
  }

  /** Appends to `__transaction_state`; when that is replicated, the transaction is in its new state. */
  #write(
    transaction: Transaction,
    { state, next, partitions = transaction.partitions }: Change,
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
      // What is replicated after all counts for the next coordinator only, as in Kafka.
      if (error !== null && this.#log.epochOf(partition) === epoch) transaction.pending = null
      done(error)
    }
    const append = (): void => {
      // The broker is not the coordinator any more.
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
    const make = (place: Place): StateBatch<StateEntry> =>
      stateBatch([entry], place, { encode: encodeStateEntry })
    this.#log.append(partition, make, { applied, answered })
  }

  // --- the timeout (X4)

  #watch(transaction: Transaction): void {
    this.#ongoing.add(transaction)
    this.#timeouts.due(overdueMs(transaction))
  }

  /** Aborts what has been open for too long; when to look again, or null. */
  #abortOverdue(nowMs: number): number | null {
    let nextMs: number | null = null
    for (const transaction of [...this.#ongoing]) {
      const { transactionalId, pending } = transaction
      const dueMs = overdueMs(transaction)
      const serves = this.#refusal(transactionalId, this.brokerOf(transactionalId)) === null
      if (dueMs <= nowMs && serves && pending === null) this.#fence(transaction, () => {})
      else nextMs = Math.min(nextMs ?? dueMs, dueMs)
    }
    return nextMs
  }

  /** What happens at a deposed coordinator counts for nobody else. */
  #observe(transaction: Transaction, phase: Phase): void {
    if (this.#isDeposed) return
    const { transactionalId, producerId, producerEpoch, process } = transaction
    this.#cluster.observe({ kind: 'transaction', process, transactionalId, producerId, producerEpoch, phase })
  }
}

function overdueMs({ startMs, timeoutMs }: Transaction): number {
  return startMs + timeoutMs + 1
}
