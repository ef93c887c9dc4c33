import { decodeRecords, type KafkaRecord, type RecordBatch, readBatches, rebaseBatch } from '../wire/index.ts'

/** One partition of one topic: batches as they are stored, in the order of their offsets. */
export class PartitionLog {
  readonly topic: string
  readonly partition: number
  leaderEpoch = 0
  #start: bigint
  #end: bigint
  #batches: RecordBatch[] = []
  /** Called once each when something is appended, then forgotten: long polls. */
  readonly #waiters: Set<() => void> = new Set()

  constructor(topic: string, partition: number, startOffset = 0n) {
    this.topic = topic
    this.partition = partition
    this.#start = startOffset
    this.#end = startOffset
  }

  get startOffset(): bigint {
    return this.#start
  }

  /** The offset that the next record gets. */
  get endOffset(): bigint {
    return this.#end
  }

  /** Records below are replicated; with one copy of everything, all are. */
  get highWatermark(): bigint {
    return this.#end
  }

  /** Records below are decided: the first open transaction starts here. */
  get lastStableOffset(): bigint {
    return this.highWatermark
  }

  /** Appends a batch at the end, whatever its base offset says. */
  append(batch: RecordBatch): RecordBatch {
    const bytes = rebaseBatch(batch.bytes, this.#end, this.leaderEpoch)
    const span = batch.lastOffset - batch.baseOffset
    const stored = {
      ...batch,
      bytes,
      baseOffset: this.#end,
      lastOffset: this.#end + span,
      leaderEpoch: this.leaderEpoch,
    }
    this.#batches.push(stored)
    this.#end = stored.lastOffset + 1n
    this.wake()
    return stored
  }

  /** Something changed that long polls look at. */
  wake(): void {
    if (this.#waiters.size === 0) return
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const waiter of waiters) waiter()
  }

  appendBytes(bytes: Buffer): RecordBatch[] {
    return readBatches(bytes).map((batch) => this.append(batch))
  }

  /** Forgets the waiter with the answer. */
  whenAppended(waiter: () => void): () => void {
    this.#waiters.add(waiter)
    return () => void this.#waiters.delete(waiter)
  }

  /**
   * Whole batches from the one that holds `offset` on, below `limit`, up to `bytesMax`; the first one always, where
   * `atLeastOne` says so (KIP-74).
   */
  read(
    offset: bigint,
    { limit, bytesMax, atLeastOne }: { limit: bigint; bytesMax: number; atLeastOne: boolean },
  ): RecordBatch[] {
    const found: RecordBatch[] = []
    let bytes = 0
    for (let index = this.#indexOf(offset); index < this.#batches.length; index += 1) {
      const batch = this.#batches[index] as RecordBatch
      if (batch.baseOffset >= limit) break
      const first = found.length === 0 && atLeastOne
      if (!first && bytes + batch.bytes.length > bytesMax) break
      found.push(batch)
      bytes += batch.bytes.length
    }
    return found
  }

  /** Bytes that a reader at `offset` could get now. */
  bytesFrom(offset: bigint, bytesMax: number): number {
    let bytes = 0
    for (let index = this.#indexOf(offset); index < this.#batches.length && bytes < bytesMax; index += 1) {
      bytes += (this.#batches[index] as RecordBatch).bytes.length
    }
    return bytes
  }

  /** The first record whose timestamp is at least `timestamp`, or null. */
  offsetForTimestamp(timestamp: bigint): KafkaRecord | null {
    for (const batch of this.#batches) {
      if (batch.maxTimestamp < timestamp || batch.lastOffset < this.#start) continue
      const record = decodeRecords(batch).find(
        (each) => each.timestamp >= timestamp && each.offset >= this.#start,
      )
      if (record !== undefined) return record
    }
    return null
  }

  /** Records below `offset` are gone. */
  deleteBefore(offset: bigint): void {
    if (offset <= this.#start) return
    this.#start = offset
    const keepFrom = this.#batches.findIndex(({ lastOffset }) => lastOffset >= offset)
    this.#batches = keepFrom < 0 ? [] : this.#batches.slice(keepFrom)
  }

  /** Index of the first batch that ends at or after `offset`. */
  #indexOf(offset: bigint): number {
    let low = 0
    let high = this.#batches.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#batches[middle] as RecordBatch).lastOffset < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
