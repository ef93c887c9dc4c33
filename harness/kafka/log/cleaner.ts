import { entryAt } from '../../core/lists.ts'
import {
  decodeRecords,
  deleteHorizonOf,
  type KafkaRecord,
  type RecordBatch,
  rewriteBatch,
} from '../wire/index.ts'
import type { PartitionLog } from './partition-log.ts'
import type { Segment, Segments } from './segments.ts'
import type { LogConfig } from './topic-configs.ts'
import { type TransactionTrace, traceTransactions } from './transaction-trace.ts'

/** The work that a cleaner of a compacted log would do now (LogCleanerManager). */
export interface CleaningPlan {
  /**
   * The dirty part, up to but not including `upTo`; null where it is not worth it, or may not be
   * cleaned yet.
   */
  readonly dirty: { readonly from: bigint; readonly upTo: bigint } | null
  /** When that may change by time alone, or null. */
  readonly nextMs: number | null
}

/**
 * The active segment is never cleaned, nor what is above the last stable offset or younger than
 * `min.compaction.lag.ms`. Cleaning is worth it from `min.cleanable.dirty.ratio` on, or when the
 * oldest dirty segment began `max.compaction.lag.ms` ago (KIP-354).
 * @param cleanedUpTo where the last cleaning ended
 */
export function planCleaning(
  segments: Segments,
  config: LogConfig,
  { cleanedUpTo, nowMs }: { cleanedUpTo: bigint; nowMs: number },
): CleaningPlan {
  const { log } = segments
  const closed = segments.look(config).slice(0, -1)
  const from = cleanedUpTo > log.startOffset ? cleanedUpTo : log.startOffset
  const dirty = closed.filter(
    (_, index) => (closed[index + 1]?.baseOffset ?? activeBase(segments, config)) > from,
  )
  const [oldest] = dirty
  if (oldest === undefined) return { dirty: null, nextMs: null }
  const young = dirty.findIndex(({ latestMs }) => latestMs > nowMs - config.compactionLagMsMin)
  const ripe = config.compactionLagMsMin > 0 && young >= 0 ? dirty.slice(0, young) : dirty
  const stable = ripe.filter((segment) => endOf(segment, segments, config) <= log.lastStableOffset)
  const last = stable.at(-1)
  const overdueMs = Math.min(...dirty.map(({ firstMs }) => firstMs)) + config.compactionLagMsMax + 1
  const ripeMs =
    ripe.length < dirty.length ? entryAt(dirty, ripe.length).latestMs + config.compactionLagMsMin : null
  if (last === undefined) return { dirty: null, nextMs: ripeMs }
  const bytesOf = (all: readonly Segment[]): number => all.reduce((sum, { bytes }) => sum + bytes, 0)
  const cleanable = bytesOf(stable)
  const clean = bytesOf(closed.slice(0, closed.indexOf(oldest)))
  const worthIt = cleanable / (clean + cleanable) > config.dirtyRatioMin || nowMs >= overdueMs
  if (worthIt) return { dirty: { from, upTo: endOf(last, segments, config) }, nextMs: null }
  return { dirty: null, nextMs: ripeMs === null ? overdueMs : Math.min(ripeMs, overdueMs) }
}

function activeBase(segments: Segments, config: LogConfig): bigint {
  return segments.look(config).at(-1)?.baseOffset ?? segments.log.endOffset
}

function endOf(segment: Segment, segments: Segments, config: LogConfig): bigint {
  const all = segments.look(config)
  return all[all.indexOf(segment) + 1]?.baseOffset ?? segments.log.endOffset
}

export interface Cleaned {
  /** All batches below the end of the cleaned part, as they are now. */
  readonly batches: readonly RecordBatch[]
  /** Offsets of the records that are gone. */
  readonly removed: readonly bigint[]
}

interface Cleaning {
  readonly nowMs: bigint
  readonly deleteRetentionMs: bigint
  readonly upTo: bigint
  readonly latest: ReadonlyMap<string, bigint>
  readonly trace: TransactionTrace
  /** Whether this batch is the last one of a producer that the partition remembers. */
  isLastOfProducer(batch: RecordBatch): boolean
}

/**
 * Keeps the latest record of each key that the dirty part has, from the start of the log on;
 * tombstones and markers stay `delete.retention.ms` longer. Batches keep their first and last
 * offset, so that holes arise as in Kafka; a producer's last batch, and the last one of all, stay
 * without records.
 */
export function clean(
  log: PartitionLog,
  dirty: { readonly from: bigint; readonly upTo: bigint },
  options: {
    readonly nowMs: number
    readonly deleteRetentionMs: number
    isLastOfProducer(batch: RecordBatch): boolean
  },
): Cleaned {
  const all = log.from(log.startOffset)
  const below = all.filter(({ baseOffset }) => baseOffset < dirty.upTo)
  const trace = traceTransactions(all)
  const cleaning: Cleaning = {
    nowMs: BigInt(options.nowMs),
    deleteRetentionMs: BigInt(options.deleteRetentionMs),
    upTo: dirty.upTo,
    latest: latestOffsets(below, dirty.from, trace),
    trace,
    isLastOfProducer: options.isLastOfProducer,
  }
  const batches: RecordBatch[] = []
  const removed: bigint[] = []
  for (const batch of below) {
    const kept = cleanBatch(batch, cleaning, removed)
    if (kept !== null) batches.push(kept)
  }
  return { batches, removed }
}

/** For each key its last offset in the dirty part; aborted records do not count. */
function latestOffsets(
  batches: readonly RecordBatch[],
  from: bigint,
  trace: TransactionTrace,
): ReadonlyMap<string, bigint> {
  const latest = new Map<string, bigint>()
  for (const batch of batches) {
    if (batch.lastOffset < from || batch.control || trace.isAborted(batch)) continue
    for (const { key, offset } of decodeRecords(batch)) {
      if (key !== null && offset >= from) latest.set(key.toString('latin1'), offset)
    }
  }
  return latest
}

function cleanBatch(batch: RecordBatch, cleaning: Cleaning, removed: bigint[]): RecordBatch | null {
  const { trace, nowMs } = cleaning
  const horizon = deleteHorizonOf(batch)
  const records = decodeRecords(batch)
  const emptyTransaction = batch.control && trace.isEmptyTransaction(batch)
  const discarded = batch.control
    ? emptyTransaction && horizon !== null && horizon <= nowMs
    : trace.isAborted(batch)
  const kept = records.filter((record) => !discarded && (batch.control || isKept(record, horizon, cleaning)))
  if (!batch.control) {
    const offsets = new Set(kept.map(({ offset }) => offset))
    for (const { offset } of records) if (!offsets.has(offset)) removed.push(offset)
  }
  if (kept.length === 0) {
    const needed =
      (batch.producerId >= 0n && cleaning.isLastOfProducer(batch)) || batch.lastOffset + 1n === cleaning.upTo
    if (!needed) return null
    return batch.recordCount === 0 ? batch : rewriteBatch(batch, [], null)
  }
  const waits = emptyTransaction || (!batch.control && kept.some(({ value }) => value === null))
  const next = horizon === null && waits ? nowMs + cleaning.deleteRetentionMs : horizon
  if (kept.length === records.length && next === horizon) return batch
  return rewriteBatch(batch, kept, next)
}

function isKept(
  { key, value, offset }: KafkaRecord,
  horizon: bigint | null,
  { latest, nowMs }: Cleaning,
): boolean {
  if (key === null) return false
  const newest = latest.get(key.toString('latin1'))
  if (newest !== undefined && offset < newest) return false
  return value !== null || horizon === null || nowMs < horizon
}
