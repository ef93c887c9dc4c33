import { encodeBatch, encodeMarker, type Marker, type RecordBatch } from '../wire/index.ts'

/** A record as it stands in an internal topic. */
export interface StateRecord {
  readonly key: Buffer
  /** Null: a tombstone. */
  readonly value: Buffer | null
}

/**
 * How entries of one internal topic are written; the message definitions of Kafka's coordinators.
 */
export type EncodeEntry<Entry> = (entry: Entry) => StateRecord

/** Where a batch is appended, and when. */
export interface BatchPlace {
  readonly baseOffset: bigint
  readonly leaderEpoch: number
  readonly nowMs: number
}

/** Entries that were written together: a batch whose bytes are made when somebody reads them. */
export class StateBatch<Entry> implements RecordBatch {
  readonly baseOffset: bigint
  readonly lastOffset: bigint
  readonly leaderEpoch: number
  readonly compression = 0
  readonly logAppendTime = false
  readonly transactional: boolean
  readonly control: boolean
  readonly baseTimestamp: bigint
  readonly maxTimestamp: bigint
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence = -1
  readonly recordCount: number
  readonly entries: readonly Entry[]
  readonly #encode: () => Buffer
  #bytes: Buffer | null = null

  /** @param options.encode makes the batch's bytes */
  constructor(
    entries: readonly Entry[],
    { baseOffset, leaderEpoch, nowMs }: BatchPlace,
    {
      encode,
      producer = null,
      control = false,
    }: { encode: () => Buffer; producer?: { id: bigint; epoch: number } | null; control?: boolean },
  ) {
    this.entries = entries
    this.baseOffset = baseOffset
    this.lastOffset = baseOffset + BigInt(entries.length - 1)
    this.leaderEpoch = leaderEpoch
    this.transactional = producer !== null
    this.control = control
    this.baseTimestamp = BigInt(nowMs)
    this.maxTimestamp = this.baseTimestamp
    this.producerId = producer?.id ?? -1n
    this.producerEpoch = producer?.epoch ?? -1
    this.recordCount = entries.length
    this.#encode = encode
  }

  get bytes(): Buffer {
    this.#bytes ??= this.#encode()
    return this.#bytes
  }
}

/** Entries as one batch; those of a transaction carry their producer. */
export function stateBatch<Entry>(
  entries: readonly Entry[],
  place: BatchPlace,
  {
    encode,
    producer = null,
  }: { encode: EncodeEntry<Entry>; producer?: { id: bigint; epoch: number } | null },
): StateBatch<Entry> {
  const timestamp = BigInt(place.nowMs)
  return new StateBatch(entries, place, {
    producer,
    encode: () =>
      encodeBatch({
        baseOffset: place.baseOffset,
        leaderEpoch: place.leaderEpoch,
        ...(producer === null
          ? {}
          : { transactional: true, producerId: producer.id, producerEpoch: producer.epoch }),
        records: entries.map((entry) => ({ timestamp, ...encode(entry) })),
      }),
  })
}

/** The marker that ends a producer's transaction, as an entry of its own. */
export function markerBatch<Entry>(
  entry: Entry,
  place: BatchPlace,
  marker: Omit<Marker, 'timestamp'>,
): StateBatch<Entry> {
  return new StateBatch([entry], place, {
    producer: { id: marker.producerId, epoch: marker.producerEpoch },
    control: true,
    encode: () => encodeMarker({ ...marker, timestamp: BigInt(place.nowMs) }, place),
  })
}
