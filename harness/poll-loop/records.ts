import type { RecordHeader } from '../kafka/index.ts'
import { keyOf, type TopicPartition } from './partition.ts'

export interface ConsumerRecord extends TopicPartition {
  readonly offset: bigint
  /** Unix milliseconds. */
  readonly timestamp: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
  readonly leaderEpoch: number
}

/** Told of the work on each record of a loop over what `poll` returned. */
export interface WorkObserver {
  started(record: ConsumerRecord): void
  ended(record: ConsumerRecord): void
  /** The loop was left (`break`, `return`, `throw`) with the record in its hands. */
  left(record: ConsumerRecord): void
}

/**
 * The records of one `poll`. `for (const record of records)` takes them partition by partition, in
 * the order of their offsets.
 */
export class PolledRecords implements Iterable<ConsumerRecord> {
  static readonly EMPTY: PolledRecords = new PolledRecords([], null)
  readonly #byPartition: readonly (readonly [TopicPartition, readonly ConsumerRecord[]])[]
  readonly #observer: WorkObserver | null

  constructor(
    byPartition: readonly (readonly [TopicPartition, readonly ConsumerRecord[]])[],
    observer: WorkObserver | null,
  ) {
    this.#byPartition = byPartition
    this.#observer = observer
  }

  get isEmpty(): boolean {
    return this.count === 0
  }

  get count(): number {
    return this.#byPartition.reduce((sum, [, records]) => sum + records.length, 0)
  }

  /** Partitions of which there are records. */
  get partitions(): readonly TopicPartition[] {
    return this.#byPartition.map(([at]) => at)
  }

  /** The records of one partition, to be looped over like all of them. */
  records(at: TopicPartition): Iterable<ConsumerRecord> & { readonly length: number } {
    const found = this.#byPartition.find(([each]) => keyOf(each) === keyOf(at))?.[1] ?? []
    return { length: found.length, [Symbol.iterator]: () => this.#iterate(found) }
  }

  /** For each partition the offset behind its last record: what to commit when all is done. */
  get nextOffsets(): readonly (TopicPartition & { readonly offset: bigint; readonly leaderEpoch: number })[] {
    return this.#byPartition.flatMap(([{ topic, partition }, records]) => {
      const last = records.at(-1)
      return last === undefined
        ? []
        : [{ topic, partition, offset: last.offset + 1n, leaderEpoch: last.leaderEpoch }]
    })
  }

  [Symbol.iterator](): Iterator<ConsumerRecord> {
    return this.#iterate(this.#byPartition.flatMap(([, records]) => records))
  }

  *#iterate(records: readonly ConsumerRecord[]): Generator<ConsumerRecord, void> {
    const observer = this.#observer
    for (const record of records) {
      observer?.started(record)
      let done = false
      try {
        yield record
        done = true
      } finally {
        if (done) observer?.ended(record)
        else observer?.left(record)
      }
    }
  }
}
