import {
  isChanging,
  isExhausted,
  type ProducerIdentity,
  type Transaction,
  type TransactionOutcome,
  type TransactionVersion,
} from './transaction.ts'

/** The request of an EndTxn. */
export interface EndAsked extends ProducerIdentity {
  readonly outcome: TransactionOutcome
  readonly version: TransactionVersion
}

/**
 * `ends`: the transaction is to be ended so; `ended`: it was, this is a repetition; else Kafka's
 * error.
 */
export type EndJudgement = 'ends' | 'ended' | EndError
export type EndError =
  | 'CONCURRENT_TRANSACTIONS'
  | 'INVALID_PRODUCER_ID_MAPPING'
  | 'PRODUCER_FENCED'
  | 'INVALID_TXN_STATE'

/**
 * A coordinator's judgement of an EndTxn (KAFKA.md X, X2; TransactionCoordinator.endTransaction of
 * Kafka 4.1). While the markers of the last transaction are on their way, version 2 answers
 * CONCURRENT_TRANSACTIONS whatever else is wrong: the next producer id may be one that only the
 * pending state knows.
 */
export function judgeEnd(transaction: Transaction, asked: EndAsked): EndJudgement {
  return asked.version === 2 ? judgeVersion2(transaction, asked) : judgeVersion1(transaction, asked)
}

/** Before KIP-890: an end raises no epoch, so that a repetition looks like the next one. */
function judgeVersion1(
  transaction: Transaction,
  { producerId, producerEpoch, outcome }: EndAsked,
): EndJudgement {
  if (transaction.producerId !== producerId) return 'INVALID_PRODUCER_ID_MAPPING'
  if (transaction.producerEpoch !== producerEpoch) return 'PRODUCER_FENCED'
  if (isChanging(transaction)) return 'CONCURRENT_TRANSACTIONS'
  if (transaction.state === 'Ongoing') return 'ends'
  return endedSo(transaction, outcome) ? 'ended' : 'INVALID_TXN_STATE'
}

/**
 * Each end raises the epoch: one with the epoch before is a repetition, one with the current epoch
 * is the next.
 */
function judgeVersion2(transaction: Transaction, asked: EndAsked): EndJudgement {
  if (isChanging(transaction)) return 'CONCURRENT_TRANSACTIONS'
  const repeatsAcrossIds = isRepetitionAcrossIds(transaction, asked)
  if (transaction.producerId !== asked.producerId && !repeatsAcrossIds) return 'INVALID_PRODUCER_ID_MAPPING'
  const { state, producerEpoch } = transaction
  const isCurrent = producerEpoch === asked.producerEpoch
  const repeats = repeatsAcrossIds || producerEpoch === asked.producerEpoch + 1
  if (state === 'Ongoing') return isCurrent ? 'ends' : 'PRODUCER_FENCED'
  if (!isCurrent && (state === 'Empty' || !repeats)) return 'PRODUCER_FENCED'
  if (repeats) return endedSo(transaction, asked.outcome) ? 'ended' : 'INVALID_TXN_STATE'
  // A transaction that nothing was added to may be aborted, to be sure of its epoch.
  return asked.outcome === 'abort' ? 'ends' : 'INVALID_TXN_STATE'
}

function endedSo({ state }: Transaction, outcome: TransactionOutcome): boolean {
  return state === (outcome === 'commit' ? 'CompleteCommit' : 'CompleteAbort')
}

/**
 * The end that used the last epoch of a producer id up, sent again: the id is another one by now.
 */
function isRepetitionAcrossIds(
  transaction: Transaction,
  { producerId, producerEpoch }: ProducerIdentity,
): boolean {
  return (
    transaction.previousProducerId === producerId &&
    isExhausted(producerEpoch) &&
    transaction.producerEpoch === 0
  )
}
