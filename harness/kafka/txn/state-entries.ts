import type { StateRecord } from '../internal/state-batch.ts'
import type { EntryRules } from '../internal/state-cleaner.ts'
import { ByteWriter } from '../wire/bytes.ts'
import { NO_PRODUCER_ID, type Transaction, type TransactionState } from './transaction.ts'

export const STATE_TOPIC = '__transaction_state'

/** What stands in `__transaction_state`: a transactional id as it is from then on; null: a tombstone. */
export interface StateEntry {
  readonly transactionalId: string
  readonly kept: Transaction | null
}

export const STATE_RULES: EntryRules<StateEntry> = {
  keyOf: ({ transactionalId }) => transactionalId,
  isTombstone: ({ kept }) => kept === null,
}

/** TransactionState's ids. */
const STATUS: readonly TransactionState[] = [
  'Empty',
  'Ongoing',
  'PrepareCommit',
  'PrepareAbort',
  'CompleteCommit',
  'CompleteAbort',
]
const KEY_VERSION = 0
/** The first one with tagged fields. */
const VALUE_VERSION = 1
const TAGS = { previousProducerId: 0, nextProducerId: 1, clientTransactionVersion: 2 } as const
const INT64_BYTES = 8
const INT16_BYTES = 2

/** An entry as Kafka writes it: TransactionLogKey 0 and TransactionLogValue 1, each behind its version. */
export function encodeStateEntry({ transactionalId, kept }: StateEntry): StateRecord {
  const key = new ByteWriter()
  key.int16(KEY_VERSION)
  key.string16(transactionalId)
  return { key: key.done(), value: kept === null ? null : stateValue(kept) }
}

function stateValue(kept: Transaction): Buffer {
  const writer = new ByteWriter()
  writer.int16(VALUE_VERSION)
  writer.int64(kept.producerId)
  writer.int16(kept.producerEpoch)
  writer.int32(kept.timeoutMs)
  writer.int8(STATUS.indexOf(kept.state))
  writePartitions(writer, kept)
  writer.int64(BigInt(kept.updatedMs))
  writer.int64(BigInt(kept.startMs))
  writeTags(writer, kept)
  return writer.done()
}

/** A list of topics; null where nothing has been begun. */
function writePartitions(writer: ByteWriter, { state, partitions }: Transaction): void {
  if (state === 'Empty') return writer.uvarint(0)
  const topics = Map.groupBy(partitions.values(), ({ topic }) => topic)
  writer.uvarint(topics.size + 1)
  for (const [topic, those] of topics) {
    writer.compactString(topic)
    writer.uvarint(those.length + 1)
    for (const { partition } of those) writer.int32(partition)
    writer.uvarint(0)
  }
}

/** Tagged fields that are not as by default. */
function writeTags(writer: ByteWriter, { previousProducerId, nextProducerId, version }: Transaction): void {
  const ids = [
    { tag: TAGS.previousProducerId, value: previousProducerId },
    { tag: TAGS.nextProducerId, value: nextProducerId },
  ].filter(({ value }) => value !== NO_PRODUCER_ID)
  writer.uvarint(ids.length + (version === 0 ? 0 : 1))
  for (const { tag, value } of ids) {
    writer.uvarint(tag)
    writer.uvarint(INT64_BYTES)
    writer.int64(value)
  }
  if (version === 0) return
  writer.uvarint(TAGS.clientTransactionVersion)
  writer.uvarint(INT16_BYTES)
  writer.int16(version)
}
