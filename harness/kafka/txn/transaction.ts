/** States of Kafka's TransactionMetadata. */
export type TransactionState =
  | 'Empty'
  | 'Ongoing'
  | 'PrepareCommit'
  | 'PrepareAbort'
  | 'CompleteCommit'
  | 'CompleteAbort'

export type TransactionOutcome = 'commit' | 'abort'

/** 2: each end of a transaction raises the epoch (KIP-890). */
export type TransactionVersion = 0 | 2

export interface ProducerIdentity {
  readonly producerId: bigint
  readonly producerEpoch: number
}

/** How long an append may take to be replicated: the brokers' `request.timeout.ms`. */
export const REQUEST_TIMEOUT_MS = 30_000
export const NO_EPOCH = -1
export const NO_PRODUCER_ID = -1n
export const NO_PRODUCER: ProducerIdentity = { producerId: NO_PRODUCER_ID, producerEpoch: NO_EPOCH }
/** The last epoch but one is where a producer id ends. */
const EPOCH_EXHAUSTED = 32_766

export interface TransactionPartition {
  readonly topic: string
  readonly partition: number
}

/** One transactional id, as its coordinator keeps it. */
export interface Transaction {
  readonly transactionalId: string
  producerId: bigint
  previousProducerId: bigint
  /** The id that the next transaction uses, where the end of this one used the last epoch up. */
  nextProducerId: bigint
  producerEpoch: number
  lastProducerEpoch: number
  timeoutMs: number
  state: TransactionState
  /** On its way into the log. */
  pending: TransactionState | null
  /** Those that were added; while it ends, those whose markers are still to be written. */
  partitions: ReadonlyMap<string, TransactionPartition>
  /** Virtual Unix milliseconds; −1 where there is none. */
  startMs: number
  updatedMs: number
  version: TransactionVersion
  /** The process that used it last. */
  process: string | null
}

export function newTransaction(transactionalId: string, producerId: bigint, nowMs: number): Transaction {
  return {
    transactionalId,
    producerId,
    previousProducerId: NO_PRODUCER_ID,
    nextProducerId: NO_PRODUCER_ID,
    producerEpoch: NO_EPOCH,
    lastProducerEpoch: NO_EPOCH,
    timeoutMs: 0,
    state: 'Empty',
    pending: null,
    partitions: new Map(),
    startMs: -1,
    updatedMs: nowMs,
    version: 0,
    process: null,
  }
}

/** The producer as it is now. */
export function identityOf({ producerId, producerEpoch }: Transaction): ProducerIdentity {
  return { producerId, producerEpoch }
}

export function isPreparing({ state }: Transaction): boolean {
  return state === 'PrepareCommit' || state === 'PrepareAbort'
}

/**
 * On its way from one state to the next. Once it is decided it is, until all markers are written,
 * as in Kafka.
 */
export function isChanging(transaction: Transaction): boolean {
  return transaction.pending !== null || isPreparing(transaction)
}

export function isExhausted(epoch: number): boolean {
  return epoch >= EPOCH_EXHAUSTED
}

/** Whether a producer may go on from this id: its own, or the one whose epochs it had used up. */
export function mayBe(transaction: Transaction, { producerId, producerEpoch }: ProducerIdentity): boolean {
  if (transaction.producerEpoch === NO_EPOCH || producerId === transaction.producerId) return true
  return producerId === transaction.previousProducerId && isExhausted(producerEpoch)
}

/** Epochs after InitProducerId, or null where the producer is fenced (KIP-360). */
export function raisedEpoch(
  { producerEpoch, lastProducerEpoch }: Transaction,
  expected: ProducerIdentity | null,
): { producerEpoch: number; lastProducerEpoch: number } | null {
  if (expected === null) return { producerEpoch: producerEpoch + 1, lastProducerEpoch: NO_EPOCH }
  if (producerEpoch === NO_EPOCH || expected.producerEpoch === producerEpoch)
    return { producerEpoch: producerEpoch + 1, lastProducerEpoch: producerEpoch }
  // The answer to the same request was lost.
  return expected.producerEpoch === lastProducerEpoch ? { producerEpoch, lastProducerEpoch } : null
}

/**
 * All that a client may filter by, also those that nobody sees; in the order of their ids in the
 * log.
 */
export const TRANSACTION_STATES: readonly string[] = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
  'Dead',
  'PrepareEpochFence',
]
