import type { StateRecord } from '../state-log/state-batch.ts'
import type { EntryRules } from '../state-log/state-cleaner.ts'
import { encodeStateKey, encodeStateValue, TRANSACTION_RECORDS } from '../wire/index.ts'
import { NO_EPOCH, NO_PRODUCER_ID, TRANSACTION_STATES, type Transaction } from './transaction.ts'

export const STATE_TOPIC = '__transaction_state'

/**
 * An entry of `__transaction_state`: a transactional id's state from then on; null: a tombstone.
 */
export interface StateEntry {
  readonly transactionalId: string
  readonly kept: Transaction | null
}

export const STATE_RULES: EntryRules<StateEntry> = {
  keyOf: ({ transactionalId }) => transactionalId,
  isTombstone: ({ kept }) => kept === null,
}

/** The first one with tagged fields. */
const VALUE_VERSION = 1

/**
 * An entry as Kafka writes it: without the producer ids before and after, for which the format has
 * fields.
 */
export function encodeStateEntry({ transactionalId, kept }: StateEntry): StateRecord {
  const schema = TRANSACTION_RECORDS.TransactionLog
  const key = encodeStateKey(schema, { transactionalId })
  if (kept === null) return { key, value: null }
  return {
    key,
    value: encodeStateValue(schema, VALUE_VERSION, {
      producerId: kept.producerId,
      producerEpoch: kept.producerEpoch,
      transactionTimeoutMs: kept.timeoutMs,
      transactionStatus: TRANSACTION_STATES.indexOf(kept.state),
      transactionPartitions: kept.state === 'Empty' ? null : partitionsOf(kept),
      transactionLastUpdateTimestampMs: BigInt(kept.updatedMs),
      transactionStartTimestampMs: BigInt(kept.startMs),
      clientTransactionVersion: kept.version,
    }),
  }
}

/** The transaction that a coordinator reads from the entry when it takes over. */
export function loadedFrom(kept: Transaction): Transaction {
  return {
    ...kept,
    partitions: new Map(kept.partitions),
    previousProducerId: NO_PRODUCER_ID,
    nextProducerId: NO_PRODUCER_ID,
    lastProducerEpoch: NO_EPOCH,
  }
}

function partitionsOf({ partitions }: Transaction): { topic: string; partitionIds: number[] }[] {
  return [...Map.groupBy(partitions.values(), ({ topic }) => topic)].map(([topic, those]) => ({
    topic,
    partitionIds: those.map(({ partition }) => partition),
  }))
}
