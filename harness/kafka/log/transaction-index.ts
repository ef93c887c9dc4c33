import { entryAt } from '../../core/lists.ts'
import { markerOutcome, type RecordBatch } from '../wire/index.ts'

/** An aborted transaction in this partition, in Fetch's terms. */
export interface AbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
  /** Of its marker. */
  readonly lastOffset: bigint
  /** Where the log was stable up to once the marker was there. */
  readonly lastStableOffset: bigint
}

interface Begun {
  readonly producerId: bigint
  readonly firstOffset: bigint
  /** Null while it is open. */
  markerOffset: bigint | null
}

/**
 * The transactions of one partition: what holds the last stable offset back, and what was aborted
 * (KAFKA.md X5, X6).
 */
export class TransactionIndex {
  readonly #open: Map<bigint, Begun> = new Map()
  /** By first offset; decided ones stay until their marker is below the high watermark. */
  #unstable: Begun[] = []
  /** In the order of their markers. */
  #aborted: AbortedTransaction[] = []

  /** The first offset of the producer's open transaction, or null. */
  openSince(producerId: bigint): bigint | null {
    return this.#open.get(producerId)?.firstOffset ?? null
  }

  /**
   * The first offset that is not decided, or whose decision is not replicated; else the high
   * watermark.
   */
  lastStable(highWatermark: bigint): bigint {
    for (;;) {
      const first = this.#unstable[0]
      if (first === undefined || first.firstOffset >= highWatermark) return highWatermark
      if (first.markerOffset === null || first.markerOffset >= highWatermark) return first.firstOffset
      this.#unstable.shift()
    }
  }

  /** A transactional batch is in the log: records, or a marker. */
  appended(batch: RecordBatch): void {
    const { producerId, baseOffset } = batch
    const open = this.#open.get(producerId)
    if (!batch.control) {
      if (open !== undefined) return
      const begun: Begun = { producerId, firstOffset: baseOffset, markerOffset: null }
      this.#open.set(producerId, begun)
      this.#unstable.push(begun)
      return
    }
    // A marker for a producer that wrote nothing here leaves no trace.
    if (open === undefined) return
    const outcome = markerOutcome(batch)
    if (outcome === null) return
    open.markerOffset = baseOffset
    this.#open.delete(producerId)
    if (outcome === 'commit') return
    const [next] = this.#open.values()
    this.#aborted.push({
      producerId,
      firstOffset: open.firstOffset,
      lastOffset: baseOffset,
      lastStableOffset: next?.firstOffset ?? baseOffset + 1n,
    })
  }

  get anyAborted(): boolean {
    return this.#aborted.length > 0
  }

  /**
   * Aborted transactions that overlap `from` up to `to` (excluded), in the order of their markers.
   */
  abortedIn(from: bigint, to: bigint): AbortedTransaction[] {
    let low = 0
    let high = this.#aborted.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (entryAt(this.#aborted, middle).lastOffset >= from) high = middle
      else low = middle + 1
    }
    const found: AbortedTransaction[] = []
    for (; low < this.#aborted.length; low += 1) {
      const each = entryAt(this.#aborted, low)
      if (each.firstOffset < to) found.push(each)
      if (each.lastStableOffset >= to) break
    }
    return found
  }

  deleteBefore(start: bigint): void {
    if (this.#aborted.length > 0)
      this.#aborted = this.#aborted.filter(({ lastOffset }) => lastOffset >= start)
  }

  /**
   * Everything at `end` and above is gone: markers are undone, transactions that began there never
   * were.
   */
  truncate(end: bigint): void {
    this.#aborted = this.#aborted.filter(({ lastOffset }) => lastOffset < end)
    this.#unstable = this.#unstable.filter(({ firstOffset }) => firstOffset < end)
    this.#open.clear()
    for (const begun of this.#unstable) {
      if (begun.markerOffset !== null && begun.markerOffset < end) continue
      begun.markerOffset = null
      this.#open.set(begun.producerId, begun)
    }
  }
}
