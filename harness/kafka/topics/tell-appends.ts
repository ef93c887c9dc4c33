import type { Observer, TopicPartition } from '../../core/history.ts'
import { decodeRecords, markerOutcome, type RecordBatch } from '../wire/index.ts'

interface AppendedRecord {
  readonly offset: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
}

interface AppendedBy {
  /** Null: the workload, or an operator. */
  readonly process: string | null
  /** The batch that the records came in; null for records without a producer. */
  readonly batch: Pick<RecordBatch, 'producerId' | 'producerEpoch' | 'transactional'> | null
  /** Set for records that an election brought back after another leader's log had been cut. */
  readonly again?: true
}

/** Tells the history of records that stand in a partition's log from now on. */
export function tellAppends(
  observer: Observer,
  { topic, partition }: TopicPartition,
  records: readonly AppendedRecord[],
  { process, batch, again }: AppendedBy,
): void {
  const producer =
    batch === null || batch.producerId < 0n
      ? null
      : { id: batch.producerId, epoch: batch.producerEpoch, transactional: batch.transactional }
  for (const { offset, key, value } of records) {
    observer.observe({
      kind: 'append',
      process,
      topic,
      partition,
      offset,
      key: textOf(key),
      value: textOf(value),
      producer,
      ...(again === undefined ? {} : { again }),
    })
  }
}

function textOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString()
}

/**
 * An election took the log that has these records, which had gone with another leader's (KAFKA.md
 * L3).
 */
export function tellAgain(observer: Observer, at: TopicPartition, batch: RecordBatch): void {
  const { producerId, producerEpoch, baseOffset } = batch
  const outcome = markerOutcome(batch)
  if (outcome === null) {
    tellAppends(observer, at, decodeRecords(batch), { process: null, batch, again: true })
    return
  }
  observer.observe({ kind: 'marker', ...at, offset: baseOffset, producerId, producerEpoch, outcome })
}
