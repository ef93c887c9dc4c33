import type { ClusterHost } from '../cluster-host.interface.ts'
import { LazyTask } from '../lazy-task.ts'
import type { RecordBatch } from '../wire/index.ts'

/** Kafka remembers this many batches of a producer in a partition (ProducerStateEntry). */
const BATCHES_KEPT = 5
const SEQUENCE_LIMIT = 2 ** 31

export interface KeptBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly baseOffset: bigint
}

export interface ProducerEntry {
  readonly epoch: number
  readonly batches: KeptBatch[]
  coordinatorEpoch: number
  /** The latest timestamp of its last batch. */
  lastMs: number
}

/**
 * The snapshot that a broker writes on shutdown: the last batch of each producer
 * (ProducerStateManager).
 */
export type ProducerSnapshot = ReadonlyMap<bigint, ProducerEntry>

export type SequenceCheck =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: bigint }
  | { readonly kind: 'error'; readonly error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_PRODUCER_EPOCH' }

/** The idempotent producers of one partition: KAFKA.md I1 to I5. */
export class ProducerStates {
  readonly #producers: Map<bigint, ProducerEntry> = new Map()
  readonly #isOpen: (producerId: bigint) => boolean
  readonly #expiry: LazyTask
  readonly #expirationMs: number

  /** @param isOpen whether the producer has an open transaction here: then it is not forgotten */
  constructor(
    { clock, settings }: Pick<ClusterHost, 'clock' | 'settings'>,
    isOpen: (producerId: bigint) => boolean = () => false,
  ) {
    this.#isOpen = isOpen
    const intervalMs = settings['producer.id.expiration.check.interval.ms']
    this.#expirationMs = settings['producer.id.expiration.ms']
    this.#expiry = new LazyTask({
      clock,
      firstMs: clock.nowMs() + intervalMs,
      intervalMs,
      run: (nowMs) => this.#expire(nowMs),
    })
  }

  /** Forgets producers whose records are too old (I4); when the next one may be, or null. */
  #expire(nowMs: number): number | null {
    let nextMs: number | null = null
    for (const [id, { lastMs }] of this.#producers) {
      const dueMs = lastMs + this.#expirationMs
      if (nowMs < dueMs) nextMs = Math.min(nextMs ?? dueMs, dueMs)
      else if (this.#isOpen(id)) nextMs = Math.min(nextMs ?? nowMs, nowMs)
      else this.#producers.delete(id)
    }
    return nextMs
  }

  snapshot(): ProducerSnapshot {
    return new Map(
      [...this.#producers].map(([id, entry]) => [id, { ...entry, batches: entry.batches.slice(-1) }]),
    )
  }

  /** Knows what the snapshot says, and no more. */
  load(snapshot: ProducerSnapshot): void {
    this.#producers.clear()
    for (const [id, entry] of snapshot) {
      this.#producers.set(id, { ...entry, batches: [...entry.batches] })
      this.#expiry.due(entry.lastMs + this.#expirationMs)
    }
  }

  /** Cancels its timer. */
  rest(): void {
    this.#expiry.rest()
  }

  /**
   * Whether its producer is remembered, and this batch is its last: compaction keeps what sequences
   * are told from.
   */
  isLast({ producerId, producerEpoch, baseOffset, control }: RecordBatch): boolean {
    const entry = this.#producers.get(producerId)
    if (entry === undefined) return false
    const last = entry.batches.at(-1)
    // A producer of which only a marker is known is fenced by that.
    return last === undefined ? control && producerEpoch === entry.epoch : last.baseOffset === baseOffset
  }

  check(batch: RecordBatch): SequenceCheck {
    const { producerId, producerEpoch, baseSequence, recordCount } = batch
    if (producerId < 0n || batch.control) return { kind: 'append' }
    const entry = this.#producers.get(producerId)
    // No state: the producer is new here, or its state has expired. Any sequence will do (I4).
    if (entry === undefined) return { kind: 'append' }
    if (producerEpoch < entry.epoch) return { kind: 'error', error: 'INVALID_PRODUCER_EPOCH' }
    if (producerEpoch > entry.epoch) {
      return baseSequence === 0
        ? { kind: 'append' }
        : { kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }
    }
    const last = lastSequenceOf(baseSequence, recordCount)
    const known = entry.batches.find(
      ({ firstSequence, lastSequence }) => firstSequence === baseSequence && lastSequence === last,
    )
    if (known !== undefined) return { kind: 'duplicate', baseOffset: known.baseOffset }
    const expected = ((entry.batches.at(-1)?.lastSequence ?? -1) + 1) % SEQUENCE_LIMIT
    return baseSequence === expected
      ? { kind: 'append' }
      : { kind: 'error', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }
  }

  appended(batch: RecordBatch): void {
    const { producerId, producerEpoch, baseSequence, recordCount, baseOffset, control } = batch
    if (producerId < 0n || control) return
    const known = this.#producers.get(producerId)
    const lastMs = Number(batch.maxTimestamp)
    const entry =
      known !== undefined && known.epoch === producerEpoch
        ? known
        : { epoch: producerEpoch, batches: [], coordinatorEpoch: -1, lastMs }
    entry.lastMs = lastMs
    entry.batches.push({
      firstSequence: baseSequence,
      lastSequence: lastSequenceOf(baseSequence, recordCount),
      baseOffset,
    })
    if (entry.batches.length > BATCHES_KEPT) entry.batches.shift()
    this.#producers.set(producerId, entry)
    this.#expiry.due(lastMs + this.#expirationMs)
  }

  /** A marker raises the epoch that counts here: a producer with an older one is fenced (I3). */
  marked({ producerId, producerEpoch, maxTimestamp }: RecordBatch, coordinatorEpoch: number): void {
    const known = this.#producers.get(producerId)
    const lastMs = Number(maxTimestamp)
    const batches = known !== undefined && known.epoch === producerEpoch ? known.batches : []
    this.#producers.set(producerId, { epoch: producerEpoch, batches, coordinatorEpoch, lastMs })
    this.#expiry.due(lastMs + this.#expirationMs)
  }

  /** The epoch that is known here, or −1. */
  epochOf(producerId: bigint): number {
    return this.#producers.get(producerId)?.epoch ?? -1
  }

  all(): ProducerView[] {
    return [...this.#producers].map(([producerId, { epoch, batches, coordinatorEpoch, lastMs }]) => ({
      producerId,
      producerEpoch: epoch,
      lastSequence: batches.at(-1)?.lastSequence ?? -1,
      lastTimestampMs: lastMs,
      coordinatorEpoch,
    }))
  }
}

/** A producer as DescribeProducers shows it. */
export interface ProducerView {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestampMs: number
  readonly coordinatorEpoch: number
}

function lastSequenceOf(first: number, count: number): number {
  return (first + count - 1) % SEQUENCE_LIMIT
}
