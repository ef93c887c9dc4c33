import {
  type AnswerBody,
  decodeRecords,
  markerOutcome,
  type RecordBatch,
  readBatches,
} from '../../kafka/index.ts'
import type { TopicPartition } from '../partition.ts'
import type { ConsumerRecord } from '../records.ts'

export type PartitionAnswer = AnswerBody<'Fetch'>['responses'][number]['partitions'][number]

export interface Decoded {
  readonly records: readonly ConsumerRecord[]
  /** The offset behind the last batch, even one without a record to show. */
  readonly nextOffset: bigint
  /** Of the last batch; −1: there was none. */
  readonly lastEpoch: number
}

/**
 * The records of an answer from `offset` on: without control records, and under `read_committed`
 * without those of transactions that were aborted.
 */
export function decodeFetched(
  { topic, partition }: TopicPartition,
  offset: bigint,
  fetched: PartitionAnswer,
  committedOnly: boolean,
): Decoded {
  const aborted = committedOnly ? new AbortedTransactions(fetched.abortedTransactions ?? []) : null
  const records: ConsumerRecord[] = []
  let nextOffset = offset
  let lastEpoch = -1
  for (const batch of readBatches(fetched.records ?? Buffer.alloc(0))) {
    if (batch.lastOffset < offset) continue
    if (aborted?.has(batch) !== true && !batch.control) {
      for (const record of decodeRecords(batch)) {
        if (record.offset >= offset)
          records.push({ topic, partition, ...record, leaderEpoch: batch.leaderEpoch })
      }
    }
    nextOffset = batch.lastOffset + 1n
    lastEpoch = batch.leaderEpoch
  }
  return { records, nextOffset, lastEpoch }
}

/** Producers with an aborted transaction, from its first record to its marker. */
class AbortedTransactions {
  readonly #coming: { readonly producerId: bigint; readonly firstOffset: bigint }[]
  readonly #open: Set<bigint> = new Set()

  constructor(transactions: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[]) {
    this.#coming = [...transactions].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  }

  /** Batches in the order of the log, each once. */
  has(batch: RecordBatch): boolean {
    for (
      let next = this.#coming[0];
      next !== undefined && next.firstOffset <= batch.lastOffset;
      next = this.#coming[0]
    ) {
      this.#open.add(next.producerId)
      this.#coming.shift()
    }
    if (batch.control) {
      if (markerOutcome(batch) === 'abort') this.#open.delete(batch.producerId)
      return false
    }
    return batch.transactional && this.#open.has(batch.producerId)
  }
}
