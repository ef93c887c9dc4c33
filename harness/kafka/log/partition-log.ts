import { entryAt } from '../../core/lists.ts'
import {
  decodeRecords,
  encodeBatch,
  encodeMarker,
  type KafkaRecord,
  type Marker,
  type RecordBatch,
  type RecordToEncode,
  readBatches,
  rebaseBatch,
} from '../wire/index.ts'
import { ByteStore } from './byte-store.ts'
import { TransactionIndex } from './transaction-index.ts'

/** One entry of Kafka's offset index stands for so many bytes (`index.interval.bytes`). */
const INDEX_INTERVAL_BYTES = 4_096
const NO_PRODUCER = -1n

/** Where a record stands and when it was written, by its own timestamp. */
export type Dated = Pick<KafkaRecord, 'offset' | 'timestamp'>

/** One partition of one topic: batches as they are stored, in the order of their offsets. */
export class PartitionLog {
  readonly topic: string
  readonly partition: number
  leaderEpoch = 0
  /** Called at the next append, for retention and compaction. */
  onAppend: (() => void) | null = null
  /** Called at each append at once, for replication. */
  onStored: (() => void) | null = null
  transactions: TransactionIndex = new TransactionIndex()
  /** Null where this is the only replica. */
  #watermark: bigint | null = null
  #start: bigint
  #end: bigint
  #batches: RecordBatch[] = []
  readonly #bytes: ByteStore = new ByteStore()
  #latestDeleted: Dated | null = null
  /**
   * For each batch the latest timestamp up to it: it never falls, so that a time can be searched
   * for.
   */
  #latest: bigint[] = []
  /** Where each leader epoch begins in which something was written. */
  #epochs: { readonly epoch: number; readonly start: bigint }[] = []
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
    return this.#watermark ?? this.#end
  }

  /** Records below are decided: the first open transaction starts here. */
  get lastStableOffset(): bigint {
    return this.transactions.lastStable(this.highWatermark)
  }

  /**
   * Appends a batch at the end, whatever its base offset says. The caller observes the append, then
   * calls `wake`.
   */
  append(batch: RecordBatch): RecordBatch {
    const bytes = rebaseBatch(this.#bytes.keep(batch.bytes), this.#end, this.leaderEpoch)
    const span = batch.lastOffset - batch.baseOffset
    const stored = {
      ...batch,
      bytes,
      baseOffset: this.#end,
      lastOffset: span === 0n ? this.#end : this.#end + span,
      leaderEpoch: this.leaderEpoch,
    }
    this.#store(stored)
    return stored
  }

  /**
   * Appends one record as a batch of its own, as a producer without idempotence would; its offset.
   */
  appendRecord(record: RecordToEncode): bigint {
    const place = { baseOffset: this.#end, leaderEpoch: this.leaderEpoch }
    this.#store({
      ...place,
      lastOffset: this.#end,
      compression: 0,
      logAppendTime: false,
      transactional: false,
      control: false,
      baseTimestamp: record.timestamp,
      maxTimestamp: record.timestamp,
      producerId: NO_PRODUCER,
      producerEpoch: -1,
      baseSequence: -1,
      recordCount: 1,
      bytes: this.#bytes.keep(encodeBatch({ ...place, records: [record] })),
    })
    return place.baseOffset
  }

  /** Ends a producer's transaction here. */
  appendMarker(marker: Marker): RecordBatch {
    const place = { baseOffset: this.#end, leaderEpoch: this.leaderEpoch }
    const [batch] = readBatches(this.#bytes.keep(encodeMarker(marker, place))) as [RecordBatch]
    this.#store(batch)
    return batch
  }

  #store(batch: RecordBatch): void {
    if (this.#epochs.at(-1)?.epoch !== batch.leaderEpoch)
      this.#epochs = [...this.#epochs, { epoch: batch.leaderEpoch, start: batch.baseOffset }]
    if (batch.transactional) this.transactions.appended(batch)
    const before = this.#latest.at(-1)
    this.#latest.push(before !== undefined && before > batch.maxTimestamp ? before : batch.maxTimestamp)
    this.#batches.push(batch)
    this.#end = batch.lastOffset + 1n
    this.onAppend?.()
    this.onStored?.()
  }

  /**
   * This is one replica of several: its high watermark is this, or its end where it has not come
   * that far.
   */
  followWatermark(offset: bigint): void {
    this.#watermark = offset < this.#end ? offset : this.#end
  }

  /** A batch as the leader has it. */
  appendCopy(batch: RecordBatch): void {
    this.#store(batch)
  }

  /**
   * Leader epochs in which something was written, and where each begins; another list when one is
   * added.
   */
  get epochs(): readonly { readonly epoch: number; readonly start: bigint }[] {
    return this.#epochs
  }

  /** The epoch of the last record, or null. */
  get latestEpoch(): number | null {
    return this.#epochs.at(-1)?.epoch ?? null
  }

  /**
   * Removes everything at `end` and above, and the rest of a batch that goes beyond it, as if it
   * had never been written.
   */
  truncate(end: bigint): void {
    if (end >= this.#end) return
    const kept = this.#indexOf(end)
    this.#batches = this.#batches.slice(0, kept)
    this.#latest = this.#latest.slice(0, kept)
    this.#end = end
    if (this.#start > end) this.#start = end
    this.#epochs = this.#epochs.filter(({ start }) => start < end)
    if (this.#watermark !== null) this.followWatermark(this.#watermark)
    this.transactions = new TransactionIndex()
    for (const batch of this.#batches) if (batch.transactional) this.transactions.appended(batch)
  }

  /** All of it is gone; it goes on here. */
  restartAt(offset: bigint): void {
    this.truncate(this.#start)
    this.#start = offset
    this.#end = offset
    this.#latestDeleted = null
    this.followWatermark(offset)
  }

  /**
   * The latest epoch up to this one, and the offset after its last record; null for an epoch to
   * come. One from before all records ends where they begin.
   */
  endOfEpoch(epoch: number): { readonly epoch: number; readonly offset: bigint } | null {
    if (epoch === this.leaderEpoch) return { epoch, offset: this.#end }
    if (epoch < 0 || epoch > this.leaderEpoch) return null
    const after = this.#epochs.find((each) => each.epoch > epoch)
    const found = this.#epochs.findLast((each) => each.epoch <= epoch)
    return { epoch: found?.epoch ?? epoch, offset: after?.start ?? this.#end }
  }

  /** The epoch in which the record at this offset was written; at the end that of the leader. */
  epochAt(offset: bigint): number {
    if (offset >= this.#end) return this.leaderEpoch
    return this.#epochs.findLast(({ start }) => start <= offset)?.epoch ?? this.leaderEpoch
  }

  /** Something changed that long polls look at: they may answer at once. */
  wake(): void {
    if (this.#waiters.size === 0) return
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const waiter of waiters) waiter()
  }

  /** Forgets the waiter with the answer. */
  whenAppended(waiter: () => void): () => void {
    this.#waiters.add(waiter)
    return () => void this.#waiters.delete(waiter)
  }

  /**
   * Whole batches from the one that holds `offset` on, below `limit`, up to `bytesMax`; the first
   * one always, where `atLeastOne` says so (KIP-74).
   */
  read(
    offset: bigint,
    { limit, bytesMax, atLeastOne }: { limit: bigint; bytesMax: number; atLeastOne: boolean },
  ): RecordBatch[] {
    const found: RecordBatch[] = []
    let bytes = 0
    for (let index = this.#indexOf(offset); index < this.#batches.length; index += 1) {
      const batch = this.#nth(index)
      if (batch.baseOffset >= limit) break
      const first = found.length === 0 && atLeastOne
      if (!first && bytes + batch.bytes.length > bytesMax) break
      found.push(batch)
      bytes += batch.bytes.length
    }
    return found
  }

  /** All batches from the one that holds `offset` on. */
  from(offset: bigint): readonly RecordBatch[] {
    return this.#batches.slice(this.#indexOf(offset))
  }

  /** The batch that begins here, if one does. */
  batchAt(baseOffset: bigint): RecordBatch | undefined {
    const batch = this.#batches[this.#indexOf(baseOffset)]
    return batch?.baseOffset === baseOffset ? batch : undefined
  }

  /** Bytes of the batches from `offset` on and below `limit`; counts no further than `bytesMax`. */
  bytesFrom(offset: bigint, { limit, bytesMax }: { limit: bigint; bytesMax: number }): number {
    if (offset >= limit) return 0
    let bytes = 0
    for (let index = this.#indexOf(offset); index < this.#batches.length && bytes < bytesMax; index += 1) {
      const batch = this.#nth(index)
      if (batch.baseOffset >= limit) break
      bytes += batch.bytes.length
    }
    return Math.min(bytes, bytesMax)
  }

  /**
   * Where a broker's offset index says that a read up to `lastOffset` may end: some batches further
   * on.
   */
  indexedEnd(lastOffset: bigint): bigint {
    let bytes = 0
    for (let index = this.#indexOf(lastOffset + 1n); index < this.#batches.length; index += 1) {
      const batch = this.#nth(index)
      bytes += batch.bytes.length
      if (bytes > INDEX_INTERVAL_BYTES) return batch.lastOffset
    }
    return this.#end
  }

  /** The first record whose timestamp is at least `timestamp`, or null. */
  offsetForTimestamp(timestamp: bigint): KafkaRecord | null {
    const from = firstIndex(this.#latest.length, (index) => entryAt(this.#latest, index) >= timestamp)
    for (let index = from; index < this.#batches.length; index += 1) {
      const batch = this.#nth(index)
      if (batch.maxTimestamp < timestamp) continue
      const record = decodeRecords(batch).find(
        (each) => each.timestamp >= timestamp && each.offset >= this.#start,
      )
      if (record !== undefined) return record
    }
    return null
  }

  /** Compaction: these take the place of all batches below `upTo`. */
  replaceBelow(upTo: bigint, batches: readonly RecordBatch[]): void {
    const rest = this.#batches.slice(this.#indexOf(upTo))
    this.#batches = [...batches, ...rest]
    this.#latest = []
    let latest: bigint | null = null
    for (const { maxTimestamp } of this.#batches) {
      if (latest === null || maxTimestamp > latest) latest = maxTimestamp
      this.#latest.push(latest)
    }
  }

  /**
   * The first record with the latest timestamp, or null; one that DeleteRecords took counts as long
   * as its segment is there, as in Kafka, where a segment remembers it.
   */
  latestRecord(): Dated | null {
    let latest: RecordBatch | null = null
    for (const batch of this.#batches)
      if (latest === null || batch.maxTimestamp > latest.maxTimestamp) latest = batch
    const deleted = this.#latestDeleted
    if (latest === null || (deleted !== null && deleted.timestamp >= latest.maxTimestamp)) return deleted
    return latestOf(latest)
  }

  /**
   * The record with the latest timestamp of those that are deleted and whose segment is there, or
   * null.
   */
  get latestDeleted(): Dated | null {
    return this.#latestDeleted
  }

  /**
   * Records below `offset` are gone; beyond the high watermark there is nothing that could go.
   * @param segments whether the files of what is gone stay for a while (DeleteRecords) or go with
   * it (retention)
   */
  deleteBefore(offset: bigint, segments: 'stay' | 'go' = 'go'): void {
    if (offset <= this.#start) return
    this.#start = offset < this.highWatermark ? offset : this.highWatermark
    this.transactions.deleteBefore(this.#start)
    const keepFrom = this.#indexOf(this.#start)
    if (segments === 'go') this.#latestDeleted = null
    else this.#remember(this.#batches.slice(0, keepFrom))
    this.#batches = this.#batches.slice(keepFrom)
    this.#latest = this.#latest.slice(keepFrom)
  }

  #remember(deleted: readonly RecordBatch[]): void {
    for (const batch of deleted)
      if (this.#latestDeleted === null || batch.maxTimestamp > this.#latestDeleted.timestamp)
        this.#latestDeleted = latestOf(batch)
  }

  /** The batch of an index below `#batches.length`. */
  #nth(index: number): RecordBatch {
    return entryAt(this.#batches, index)
  }

  /** Index of the first batch that ends at or after `offset`. */
  #indexOf(offset: bigint): number {
    return firstIndex(this.#batches.length, (index) => this.#nth(index).lastOffset >= offset)
  }
}

/** The first record of the batch that has its latest timestamp. */
function latestOf(batch: RecordBatch): Dated | null {
  const { maxTimestamp } = batch
  const found = decodeRecords(batch).find(({ timestamp }) => timestamp === maxTimestamp)
  return found === undefined ? null : { offset: found.offset, timestamp: found.timestamp }
}

/** The first index for which `holds`, or `length`; once it holds, it holds for all that follow. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
