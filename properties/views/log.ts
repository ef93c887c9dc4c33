import { HarnessError } from '../../harness/core/errors.ts'
import type { EventOf, RecordPosition, TopicPartition } from '../../harness/core/history.ts'
import { partitionName } from '../../harness/core/names.ts'
import type { Noting, View } from './observing.ts'
import { PartitionMap } from './partition-map.ts'

export type Append = EventOf<'append'>

/**
 * A record in the log. `readable`: a consumer may be asked for it; `open`: its transaction is not
 * decided; `aborted`: nobody reads it under read_committed; `gone`: retention, DeleteRecords or a
 * truncation took it.
 */
export interface LogRecord extends RecordPosition {
  /** Offset relative to the partition's first. */
  readonly index: number
  readonly append: Append
  state: 'readable' | 'open' | 'aborted' | 'gone'
}

/**
 * One partition's records. Offsets are bigint outside and indexes inside, so that logs may start
 * beyond 2^53.
 */
export class PartitionRecords {
  readonly topic: string
  readonly partition: number
  /** The offset that index 0 stands for. */
  readonly base: bigint
  /** By index; null where there never was a record: control markers and gaps. */
  readonly records: (LogRecord | null)[] = []
  /** Index below which everything is gone. */
  start = 0
  /** The last time that the cluster lost the end of the log. */
  cut: { readonly index: number; readonly event: EventOf<'truncated'> } | null = null
  /** The last record cut off at each index; it may have been processed, and it may be back. */
  readonly lost: Map<number, LogRecord> = new Map()
  /** From the first index that was ever cut off to the highest end that the log had. */
  lowestCut = Number.POSITIVE_INFINITY
  highest = 0
  /** Indexes of records of undecided transactions, by producer id. */
  readonly open: Map<bigint, number[]> = new Map()

  constructor({ topic, partition }: TopicPartition, base: bigint) {
    this.topic = topic
    this.partition = partition
    this.base = base
  }

  get end(): number {
    return this.records.length
  }

  index(offset: bigint): number {
    return Number(offset - this.base)
  }

  offset(index: number): bigint {
    return this.base + BigInt(index)
  }

  at(offset: bigint): LogRecord | undefined {
    return this.records[this.index(offset)] ?? undefined
  }

  /**
   * Whether someone has to process what stands here. An open transaction's record counts until it
   * is aborted.
   */
  counts(index: number): boolean {
    const state = this.records[index]?.state
    return state === 'readable' || state === 'open'
  }

  /** The first index from `index` on whose record counts, or the log's end. */
  next(index: number): number {
    let at = Math.max(index, this.start)
    while (at < this.records.length && !this.counts(at)) at += 1
    return at
  }

  /**
   * Index of the first record of an undecided transaction, or the log's end: the last stable
   * offset.
   */
  get stableEnd(): number {
    let end = this.end
    for (const [first = end] of this.open.values()) end = Math.min(end, first)
    return end
  }
}

/** The log of every topic as appends, markers and deletions make it. */
export class Log implements View {
  readonly partitions: PartitionMap<PartitionRecords> = new PartitionMap()

  readonly noting: Noting = {
    'topic-created': ({ topic, partitions, startOffset }) => {
      for (let partition = 0; partition < partitions; partition += 1) {
        const at = { topic, partition }
        this.partitions.getOrMake(at, () => new PartitionRecords(at, startOffset))
      }
    },
    'topic-deleted': ({ topic }) => {
      // A log that was cut off at its beginning keeps in mind what it had: the next topic of this
      // name goes on with it.
      for (const [at, log] of this.partitions.ofTopic(topic))
        if (log.end > 0 || log.cut === null) this.partitions.set(at, undefined)
    },
    append: (event) => this.#append(event),
    marker: (event) => this.#mark(event),
    'log-start': (event) => this.#remove(event),
    compacted: (event) => this.#compact(event),
    truncated: (event) => this.#truncate(event),
    astray: (event) => this.#stray(event),
  }

  at(partition: TopicPartition): PartitionRecords | undefined {
    return this.partitions.get(partition)
  }

  record(position: RecordPosition): LogRecord | undefined {
    return this.partitions.get(position)?.at(position.offset)
  }

  /** The record at a position, even one that the cluster has lost since. */
  everRecord(position: RecordPosition): LogRecord | undefined {
    const log = this.partitions.get(position)
    return log?.at(position.offset) ?? log?.lost.get(log.index(position.offset))
  }

  #append(event: Append): void {
    const { topic, partition, offset, producer } = event
    const log = this.#grow(event)
    const index = log.index(offset)
    const open = producer?.transactional === true
    log.records[index] = { topic, partition, offset, index, append: event, state: open ? 'open' : 'readable' }
    if (!open) return
    const indexes = log.open.get(producer.id)
    if (indexes === undefined) log.open.set(producer.id, [index])
    else indexes.push(index)
  }

  #mark(event: EventOf<'marker'>): void {
    // In a topic of the coordinators.
    if (event.groups !== undefined) return
    const log = this.#grow(event)
    for (const index of log.open.get(event.producerId) ?? []) {
      const record = log.records[index]
      if (record?.state === 'open') record.state = event.outcome === 'commit' ? 'readable' : 'aborted'
    }
    log.open.delete(event.producerId)
    log.records[log.index(event.offset)] = null
  }

  #remove(event: EventOf<'log-start'>): void {
    const log = this.partitions.get(event)
    if (log === undefined) return
    const start = Math.min(log.index(event.offset), log.end)
    for (let index = log.start; index < start; index += 1) {
      const record = log.records[index]
      if (record != null) record.state = 'gone'
    }
    log.start = Math.max(log.start, start)
  }

  #compact(event: EventOf<'compacted'>): void {
    const log = this.partitions.get(event)
    for (const offset of event.offsets) {
      const record = log?.at(offset)
      if (record !== undefined) record.state = 'gone'
    }
  }

  #truncate(event: EventOf<'truncated'>): void {
    const log = this.partitions.get(event)
    if (log === undefined) return
    const end = Math.max(0, log.index(event.offset))
    log.highest = Math.max(log.highest, log.end)
    log.lowestCut = Math.min(log.lowestCut, end)
    for (const record of log.records.splice(end)) {
      if (record === null) continue
      record.state = 'gone'
      log.lost.set(record.index, record)
    }
    log.start = Math.min(log.start, log.end)
    log.cut = { index: end, event }
    for (const [producer, indexes] of log.open) {
      log.open.set(
        producer,
        indexes.filter((index) => index < log.end),
      )
    }
  }

  /** Written and read where nobody else looks: it is as if it had been there and was cut off. */
  #stray(event: EventOf<'astray'>): void {
    const log = this.partitions.get(event)
    if (log === undefined || !event.committed) return
    const { topic, partition, offset } = event
    const index = log.index(offset)
    const append: Append = { ...event, kind: 'append', producer: null }
    log.lost.set(index, { topic, partition, offset, index, append, state: 'gone' })
    log.lowestCut = Math.min(log.lowestCut, index)
    log.highest = Math.max(log.highest, index + 1)
  }

  /** The event's partition, with gaps up to its offset filled. */
  #grow(event: RecordPosition): PartitionRecords {
    const log = this.partitions.getOrMake(event, () => new PartitionRecords(event, event.offset))
    const index = log.index(event.offset)
    if (index < 0) throw new HarnessError(`${partitionName(event)} got a record below its first offset`)
    while (log.records.length < index) log.records.push(null)
    return log
  }
}
