import type { Observer, TopicPartition } from '../../core/history.ts'
import { decodeRecords, markerOutcome, type RecordBatch } from '../wire/index.ts'

/** Records that had gone with another leader's log are back: an election took the log that has them (KAFKA.md L3). */
export function tellAgain(observer: Observer, at: TopicPartition, batch: RecordBatch): void {
  const { producerId, producerEpoch, transactional } = batch
  const outcome = markerOutcome(batch)
  if (outcome !== null) {
    observer.observe({ kind: 'marker', ...at, offset: batch.baseOffset, producerId, producerEpoch, outcome })
    return
  }
  const producer = producerId < 0n ? null : { id: producerId, epoch: producerEpoch, transactional }
  for (const { offset, key, value } of decodeRecords(batch)) {
    observer.observe({
      kind: 'append',
      process: null,
      ...at,
      offset,
      key: key === null ? null : key.toString(),
      value: value === null ? null : value.toString(),
      producer,
      again: true,
    })
  }
}
