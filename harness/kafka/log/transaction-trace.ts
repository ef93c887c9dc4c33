import { markerOutcome, type RecordBatch } from '../wire/index.ts'

/** The transactions in a stretch of a log, and how they ended. */
export interface TransactionTrace {
  isAborted(batch: RecordBatch): boolean
  /** Whether nothing is left of the transaction that this marker ends. */
  isEmptyTransaction(marker: RecordBatch): boolean
}

const NONE: TransactionTrace = { isAborted: () => false, isEmptyTransaction: () => false }

/** A transaction's batches are those of its producer between two markers. */
export function traceTransactions(batches: readonly RecordBatch[]): TransactionTrace {
  if (!batches.some(({ transactional }) => transactional)) return NONE
  const open = new Map<bigint, RecordBatch[]>()
  const aborted = new Set<RecordBatch>()
  const empty = new Set<RecordBatch>()
  for (const batch of batches) {
    if (!batch.transactional) continue
    const { producerId } = batch
    const mine = open.get(producerId) ?? []
    if (!batch.control) {
      mine.push(batch)
      open.set(producerId, mine)
      continue
    }
    const outcome = markerOutcome(batch)
    if (outcome === null) continue
    if (mine.length === 0) empty.add(batch)
    if (outcome === 'abort') for (const each of mine) aborted.add(each)
    open.delete(producerId)
  }
  return { isAborted: (batch) => aborted.has(batch), isEmptyTransaction: (marker) => empty.has(marker) }
}
