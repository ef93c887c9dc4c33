import type { Clock } from '../cluster.interface.ts'
import type { RecordBatch } from '../wire/index.ts'
import type { PartitionLog } from './partition-log.ts'
import type { LogConfig } from './topic-configs.ts'

export interface Segment {
  readonly baseOffset: bigint
  bytes: number
  /** The latest timestamp of the first batch: segments are rolled by it. */
  readonly firstMs: number
  /** The latest timestamp of all. */
  latestMs: number
}

/**
 * Kafka keeps a log in segments, and retention and compaction go by whole ones. Nothing else shows
 * them, so they are told apart only when somebody looks, as they were when the batches came.
 */
export class Segments {
  readonly log: PartitionLog
  readonly #clock: Clock
  #segments: Segment[] = []
  #last: RecordBatch | null = null

  constructor(log: PartitionLog, clock: Clock) {
    this.log = log
    this.#clock = clock
  }

  /** Oldest first; the last one is active. */
  look(config: LogConfig): readonly Segment[] {
    const { log } = this
    if (this.#last !== null && !this.#stillThere(this.#last)) this.forget()
    const from = this.#last === null ? log.startOffset : this.#last.lastOffset + 1n
    for (const batch of log.from(from)) this.#add(batch, config)
    const first = this.#segments.findLastIndex(({ baseOffset }) => baseOffset <= log.startOffset)
    if (this.#last !== null && this.#last.lastOffset < log.startOffset) this.#segments = []
    else if (first > 0) this.#segments = this.#segments.slice(first)
    return this.#segments
  }

  /**
   * Compaction left these below `upTo`; Kafka puts them together into segments of the usual size.
   */
  cleaned(upTo: bigint, batches: readonly RecordBatch[], { segmentBytes }: LogConfig): void {
    const rest = this.#segments.filter(({ baseOffset }) => baseOffset >= upTo)
    const merged: Segment[] = []
    for (const { baseOffset, bytes, maxTimestamp } of batches) {
      const timestampMs = Number(maxTimestamp)
      const last = merged.at(-1)
      if (last === undefined || last.bytes + bytes.length > segmentBytes) {
        merged.push({ baseOffset, bytes: bytes.length, firstMs: timestampMs, latestMs: timestampMs })
      } else {
        last.bytes += bytes.length
        last.latestMs = Math.max(last.latestMs, timestampMs)
      }
    }
    this.#segments = [...merged, ...rest]
  }

  /** The log was cut: its segments are found again from the start. */
  forget(): void {
    this.#segments = []
    this.#last = null
  }

  #stillThere(batch: RecordBatch): boolean {
    if (batch.lastOffset < this.log.startOffset) return this.log.endOffset > batch.lastOffset
    return this.log.batchAt(batch.baseOffset) === batch
  }

  #add(batch: RecordBatch, { segmentBytes, segmentMs, compacts, compactionLagMsMax }: LogConfig): void {
    this.#last = batch
    // Records without a time are as old as the file.
    const timestampMs = batch.maxTimestamp < 0n ? this.#clock.nowMs() : Number(batch.maxTimestamp)
    const size = batch.bytes.length
    const active = this.#segments.at(-1)
    const spanMs = compacts ? Math.min(segmentMs, compactionLagMsMax) : segmentMs
    const rolls =
      active === undefined || active.bytes + size > segmentBytes || timestampMs - active.firstMs > spanMs
    if (rolls) {
      this.#segments.push({
        baseOffset: batch.baseOffset,
        bytes: size,
        firstMs: timestampMs,
        latestMs: timestampMs,
      })
      return
    }
    active.bytes += size
    active.latestMs = Math.max(active.latestMs, timestampMs)
  }
}
