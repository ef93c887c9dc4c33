import type { ClusterHost } from '../cluster-host.interface.ts'
import type { RecordBatch } from '../wire/index.ts'

/** Kafka remembers this many batches of a producer in a partition (ProducerStateEntry). */
const BATCHES_KEPT = 5
const SEQUENCE_LIMIT = 2 ** 31

interface KeptBatch {
  readonly firstSequence: number
  readonly lastSequence: number
  readonly baseOffset: bigint
}

interface ProducerEntry {
  readonly epoch: number
  readonly batches: KeptBatch[]
  /** Virtual Unix milliseconds of its last append. */
  lastMs: number
}

export type SequenceCheck =
  | { readonly kind: 'append' }
  | { readonly kind: 'duplicate'; readonly baseOffset: bigint }
  | { readonly kind: 'error'; readonly error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' | 'INVALID_PRODUCER_EPOCH' }

/** What one partition knows of idempotent producers: KAFKA.md I1 to I5. */
export class ProducerStates {
  readonly #host: Pick<ClusterHost, 'clock' | 'settings'>
  readonly #producers: Map<bigint, ProducerEntry> = new Map()

  constructor(host: Pick<ClusterHost, 'clock' | 'settings'>) {
    this.#host = host
  }

  /** What is remembered of a producer, unless that has expired. Judged when looked at. */
  #entryOf(producerId: bigint): ProducerEntry | undefined {
    const entry = this.#producers.get(producerId)
    if (entry === undefined) return undefined
    const { clock, settings } = this.#host
    if (clock.nowMs() - entry.lastMs < settings['producer.id.expiration.ms']) return entry
    this.#producers.delete(producerId)
    return undefined
  }

  check(batch: RecordBatch): SequenceCheck {
    const { producerId, producerEpoch, baseSequence, recordCount } = batch
    if (producerId < 0n || batch.control) return { kind: 'append' }
    const entry = this.#entryOf(producerId)
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

  appended({ producerId, producerEpoch, baseSequence, recordCount, baseOffset, control }: RecordBatch): void {
    if (producerId < 0n || control) return
    const known = this.#producers.get(producerId)
    const lastMs = this.#host.clock.nowMs()
    const entry =
      known !== undefined && known.epoch === producerEpoch
        ? known
        : { epoch: producerEpoch, batches: [], lastMs }
    entry.lastMs = lastMs
    entry.batches.push({
      firstSequence: baseSequence,
      lastSequence: lastSequenceOf(baseSequence, recordCount),
      baseOffset,
    })
    if (entry.batches.length > BATCHES_KEPT) entry.batches.shift()
    this.#producers.set(producerId, entry)
  }
}

function lastSequenceOf(first: number, count: number): number {
  return (first + count - 1) % SEQUENCE_LIMIT
}
