import { partitionName } from '../../core/names.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import type { StateLog } from '../state-log/state-topic.ts'
import type { KeptTransactions } from './kept-transactions.ts'
import type { Markers } from './markers.ts'
import type { StateEntry } from './state-entries.ts'
import {
  isExhausted,
  NO_EPOCH,
  NO_PRODUCER_ID,
  type Transaction,
  type TransactionOutcome,
  type TransactionPartition,
  type TransactionState,
  type TransactionVersion,
} from './transaction.ts'

/** How long a coordinator waits before it notes again that all markers are written. */
const RETRY_MS = 100

export interface TransactionEndsOptions {
  readonly cluster: ClusterHost & { newProducerId(): bigint }
  readonly log: StateLog<StateEntry>
  readonly kept: KeptTransactions
  readonly markers: Markers
}

/**
 * How a transaction ends (KAFKA.md X3): it is decided, its markers are written, and that is noted.
 */
export class TransactionEnds {
  readonly #cluster: TransactionEndsOptions['cluster']
  readonly #log: StateLog<StateEntry>
  readonly #kept: KeptTransactions
  readonly #markers: Markers

  constructor({ cluster, log, kept, markers }: TransactionEndsOptions) {
    this.#cluster = cluster
    this.#log = log
    this.#kept = kept
    this.#markers = markers
  }

  /** PrepareEpochFence: what was open is aborted under an epoch that nobody has been given. */
  fence(transaction: Transaction, done: (error: string | null) => void): void {
    const version = this.#cluster.settings['onceover.transaction.version'] < 2 ? 0 : 2
    this.prepare(transaction, { outcome: 'abort', version, fences: true }, done)
  }

  /** Decides: `done` when that is in the log, and then the markers follow. */
  prepare(
    transaction: Transaction,
    {
      outcome,
      version,
      fences,
    }: { outcome: TransactionOutcome; version: TransactionVersion; fences: boolean },
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
    this.#kept.write(transaction, { state, next }, (error) => {
      if (error === null) {
        this.#kept.ongoing.delete(transaction)
        this.#kept.ending.add(transaction)
        if (fences) this.#kept.observe(transaction, 'fenced')
        this.#kept.observe(transaction, outcome === 'commit' ? 'prepare-commit' : 'prepare-abort')
      }
      done(error)
      if (error === null) this.sendMarkers(transaction)
    })
  }

  /** Of a transaction that is decided. */
  sendMarkers(transaction: Transaction): void {
    const commits = transaction.state === 'PrepareCommit'
    const outcome = commits ? 'commit' : 'abort'
    const coordinatorEpoch = this.#log.epochOf(this.#log.partitionOf(transaction.transactionalId))
    const written = (partition: TransactionPartition): void => {
      const left = new Map(transaction.partitions)
      left.delete(partitionName(partition))
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

  /**
   * All markers are written. Where that cannot be noted it is tried again, for as long as this is
   * the coordinator.
   */
  #complete(transaction: Transaction, end: { state: TransactionState; next: Partial<Transaction> }): void {
    const ended = { ...transaction }
    this.#kept.write(transaction, { ...end, partitions: new Map() }, (error) => {
      if (error === 'NOT_COORDINATOR') return
      if (error !== null) {
        this.#cluster.clock.after(RETRY_MS, () => {
          if (this.#kept.ending.has(transaction)) this.#complete(transaction, end)
        })
        return
      }
      this.#kept.ending.delete(transaction)
      this.#kept.observe(ended, end.state === 'CompleteCommit' ? 'committed' : 'aborted')
    })
  }
}
