import { ByteReader, ByteWriter } from './bytes.ts'
import { reading } from './codec.ts'
import { type CompressionCode, compress, decompress } from './compression/index.ts'
import { crc32c } from './crc32c.ts'
import { WireError } from './wire-error.ts'

export interface KafkaRecord {
  readonly offset: bigint
  /** Unix milliseconds. */
  readonly timestamp: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

export interface RecordHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** A record batch of format 2 (KIP-98): its header, and its bytes as they are stored. */
export interface RecordBatch {
  readonly baseOffset: bigint
  /** Included. */
  readonly lastOffset: bigint
  readonly leaderEpoch: number
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly compression: number
  readonly logAppendTime: boolean
  readonly transactional: boolean
  readonly control: boolean
  readonly baseTimestamp: bigint
  readonly maxTimestamp: bigint
  /** −1 for a producer without idempotence. */
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  readonly bytes: Buffer
}

const HEADER_BYTES = 61
const LENGTH_AT = 8
const LENGTH_END = 12
const MAGIC_AT = 16
const CRC_AT = 17
const ATTRIBUTES_AT = 21
const MAX_TIMESTAMP_AT = 35
const COMPRESSION = 0x07
const TRANSACTIONAL = 0x10
const DELETE_HORIZON = 0x40
const MAGIC = 2
/** The size of the smallest message of format 0 behind its length. */
const FORMAT_0_BYTES_MIN = 14

/**
 * The batches in these bytes, headers only. A last batch that is cut short is left out: Fetch may
 * cut it, and a broker trims it off a Produce.
 * @throws WireError `corrupt` (length, format, CRC), `malformed` (formats 0 and 1, which no client
 * of today writes)
 */
export function readBatches(bytes: Buffer): RecordBatch[] {
  const batches: RecordBatch[] = []
  for (let at = 0; at + LENGTH_END <= bytes.length; ) {
    const length = bytes.readInt32BE(at + LENGTH_AT)
    if (length < FORMAT_0_BYTES_MIN) throw new WireError('corrupt', `a batch has a length of ${length} bytes`)
    const magic = bytes[at + MAGIC_AT]
    if (magic === undefined) break
    checkFormat(magic, length)
    const end = at + LENGTH_END + length
    if (end > bytes.length) break
    batches.push(readBatch(bytes.subarray(at, end)))
    at = end
  }
  return batches
}

function checkFormat(magic: number, length: number): void {
  if (magic > MAGIC) throw new WireError('corrupt', `there is no record format ${magic}`)
  if (magic < MAGIC) throw new WireError('malformed', `record format ${magic} is not supported, only 2`)
  if (LENGTH_END + length < HEADER_BYTES) throw new WireError('corrupt', 'a batch is shorter than its header')
}

const NO_PRODUCER = -1n

/**
 * The producer of a transaction's batch as its header tells it, unchecked; null where there is no
 * such header.
 */
export function transactionalProducer(
  bytes: Buffer,
): { readonly producerId: bigint; readonly producerEpoch: number } | null {
  if (bytes.length < HEADER_BYTES || (bytes.readInt16BE(ATTRIBUTES_AT) & TRANSACTIONAL) === 0) return null
  return { producerId: bytes.readBigInt64BE(43), producerEpoch: bytes.readInt16BE(51) }
}

function readBatch(bytes: Buffer): RecordBatch {
  if (crc32c(bytes, ATTRIBUTES_AT) !== bytes.readUInt32BE(CRC_AT))
    throw new WireError('corrupt', 'the CRC-32C of a batch is wrong')
  const baseOffset = bytes.readBigInt64BE(0)
  const attributes = bytes.readInt16BE(ATTRIBUTES_AT)
  const lastOffsetDelta = bytes.readInt32BE(23)
  const baseTimestamp = bytes.readBigInt64BE(27)
  const maxTimestamp = bytes.readBigInt64BE(35)
  const producerId = bytes.readBigInt64BE(43)
  // A log may hold millions of batches of one record: numbers that are equal are kept once.
  return {
    baseOffset,
    lastOffset: lastOffsetDelta === 0 ? baseOffset : baseOffset + BigInt(lastOffsetDelta),
    leaderEpoch: bytes.readInt32BE(12),
    compression: attributes & 0x07,
    logAppendTime: (attributes & 0x08) !== 0,
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & 0x20) !== 0,
    baseTimestamp,
    maxTimestamp: maxTimestamp === baseTimestamp ? baseTimestamp : maxTimestamp,
    producerId: producerId === NO_PRODUCER ? NO_PRODUCER : producerId,
    producerEpoch: bytes.readInt16BE(51),
    baseSequence: bytes.readInt32BE(53),
    recordCount: bytes.readInt32BE(57),
    bytes,
  }
}

/**
 * The records of a batch; keys and values are views into its bytes, or into what was unpacked.
 * @throws WireError `unsupported-compression`, `corrupt` (what cannot be unpacked), `malformed`
 * (records that do not fill the batch exactly, negative counts of headers)
 */
export function decodeRecords(batch: RecordBatch): KafkaRecord[] {
  const body = decompress(batch.bytes.subarray(HEADER_BYTES), batch.compression)
  return reading(() => {
    const reader = new ByteReader(body)
    const records: KafkaRecord[] = []
    for (let index = 0; index < batch.recordCount; index += 1) records.push(readRecord(reader, batch))
    if (reader.position !== reader.end)
      throw new WireError(
        'malformed',
        `${reader.end - reader.position} bytes follow the last record of a batch`,
      )
    return records
  })
}

function readRecord(reader: ByteReader, batch: RecordBatch): KafkaRecord {
  const size = reader.varint()
  const end = reader.position + size
  reader.int8()
  const created = batch.baseTimestamp + reader.varlong()
  const timestamp = batch.logAppendTime ? batch.maxTimestamp : created
  const offset = batch.baseOffset + BigInt(reader.varint())
  const key = reader.slice(reader.varint())
  const value = reader.slice(reader.varint())
  const headers = readHeaders(reader)
  if (reader.position !== end)
    throw new WireError('malformed', `a record has ${reader.position - end + size} bytes, not ${size}`)
  return { offset, timestamp, key, value, headers }
}

function readHeaders(reader: ByteReader): readonly RecordHeader[] {
  const count = reader.count(reader.present(reader.varint()))
  if (count === 0) return NO_HEADERS
  const headers: RecordHeader[] = []
  for (let index = 0; index < count; index += 1) {
    const key = reader.slice(reader.present(reader.varint())) ?? NO_BYTES
    headers.push({ key: key.toString(), value: reader.slice(reader.varint()) })
  }
  return headers
}

const NO_HEADERS: readonly RecordHeader[] = []
const NO_BYTES = Buffer.alloc(0)

export interface BatchToEncode {
  readonly baseOffset?: bigint
  readonly leaderEpoch?: number
  readonly compression?: CompressionCode
  readonly transactional?: boolean
  readonly control?: boolean
  readonly producerId?: bigint
  readonly producerEpoch?: number
  readonly baseSequence?: number
  readonly records: readonly RecordToEncode[]
}

export interface RecordToEncode {
  readonly timestamp: bigint
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: readonly RecordHeader[]
}

const recordWriter = new ByteWriter()
const bodyWriter = new ByteWriter()
const batchWriter = new ByteWriter()

/**
 * A record batch of format 2; its records take the offsets from `baseOffset` on, one after the
 * other.
 */
export function encodeBatch(batch: BatchToEncode): Buffer {
  const { records, compression = 0 } = batch
  const baseTimestamp = records[0]?.timestamp ?? 0n
  let maxTimestamp = baseTimestamp
  for (const { timestamp } of records) if (timestamp > maxTimestamp) maxTimestamp = timestamp
  bodyWriter.reset()
  for (const [index, record] of records.entries()) writeRecord(record, index, baseTimestamp)
  return assemble({
    baseOffset: batch.baseOffset ?? 0n,
    lastOffsetDelta: Math.max(0, records.length - 1),
    leaderEpoch: batch.leaderEpoch ?? -1,
    attributes: compression | (batch.transactional ? TRANSACTIONAL : 0) | (batch.control ? 0x20 : 0),
    baseTimestamp,
    maxTimestamp,
    producerId: batch.producerId ?? -1n,
    producerEpoch: batch.producerEpoch ?? -1,
    baseSequence: batch.baseSequence ?? -1,
    recordCount: records.length,
    body: compress(bodyWriter.written(), compression),
  })
}

interface BatchParts {
  readonly baseOffset: bigint
  readonly lastOffsetDelta: number
  readonly leaderEpoch: number
  readonly attributes: number
  readonly baseTimestamp: bigint
  readonly maxTimestamp: bigint
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  readonly body: Buffer
}

function assemble(parts: BatchParts): Buffer {
  const writer = batchWriter.reset()
  writer.int64(parts.baseOffset)
  writer.int32(HEADER_BYTES - LENGTH_END + parts.body.length)
  writer.int32(parts.leaderEpoch)
  writer.int8(MAGIC)
  writer.uint32(0)
  writer.int16(parts.attributes)
  writer.int32(parts.lastOffsetDelta)
  writer.int64(parts.baseTimestamp)
  writer.int64(parts.maxTimestamp)
  writer.int64(parts.producerId)
  writer.int16(parts.producerEpoch)
  writer.int32(parts.baseSequence)
  writer.int32(parts.recordCount)
  writer.bytes(parts.body)
  const bytes = writer.done()
  bytes.writeUInt32BE(crc32c(bytes, ATTRIBUTES_AT), CRC_AT)
  return bytes
}

/**
 * Until when tombstones and markers of a compacted batch are kept, as Unix milliseconds, or null
 * (KIP-534).
 */
export function deleteHorizonOf({ bytes, baseTimestamp }: RecordBatch): bigint | null {
  return (bytes.readInt16BE(ATTRIBUTES_AT) & DELETE_HORIZON) === 0 ? null : baseTimestamp
}

/**
 * The batch as compaction leaves it, with only these of its records: it keeps its first and last
 * offset, and what a producer's sequence is told from. The delete horizon takes the place of the
 * base timestamp.
 */
export function rewriteBatch(
  batch: RecordBatch,
  records: readonly KafkaRecord[],
  deleteHorizon: bigint | null,
): RecordBatch {
  const kept = batch.bytes.readInt16BE(ATTRIBUTES_AT) & ~DELETE_HORIZON
  const empty = records.length === 0
  const baseTimestamp = empty ? -1n : (deleteHorizon ?? records[0]?.timestamp ?? -1n)
  let maxTimestamp = batch.maxTimestamp
  if (!empty && !batch.logAppendTime) {
    maxTimestamp = -1n
    for (const { timestamp } of records) if (timestamp > maxTimestamp) maxTimestamp = timestamp
  }
  bodyWriter.reset()
  for (const record of records) writeRecord(record, Number(record.offset - batch.baseOffset), baseTimestamp)
  const bytes = assemble({
    ...batch,
    lastOffsetDelta: Number(batch.lastOffset - batch.baseOffset),
    attributes: empty ? kept & ~COMPRESSION : kept | (deleteHorizon === null ? 0 : DELETE_HORIZON),
    baseTimestamp,
    maxTimestamp,
    recordCount: records.length,
    body: empty ? NO_BYTES : compress(bodyWriter.written(), batch.compression as CompressionCode),
  })
  return readBatch(bytes)
}

function writeRecord(
  { timestamp, key, value, headers = [] }: RecordToEncode,
  index: number,
  baseTimestamp: bigint,
): void {
  const writer = recordWriter.reset()
  writer.int8(0)
  writer.varlong(timestamp - baseTimestamp)
  writer.varint(index)
  writeBytes(writer, key)
  writeBytes(writer, value)
  writer.varint(headers.length)
  for (const header of headers) {
    const size = Buffer.byteLength(header.key)
    writer.varint(size)
    writer.raw(header.key, size)
    writeBytes(writer, header.value)
  }
  bodyWriter.varint(writer.position)
  bodyWriter.bytes(writer.written())
}

function writeBytes(writer: ByteWriter, bytes: Buffer | null): void {
  writer.varint(bytes === null ? -1 : bytes.length)
  if (bytes !== null) writer.bytes(bytes)
}

/**
 * Gives the batch in these bytes another place in a log: base offset and leader epoch are not
 * covered by the CRC.
 */
export function rebaseBatch(bytes: Buffer, baseOffset: bigint, leaderEpoch: number): Buffer {
  bytes.writeBigInt64BE(baseOffset, 0)
  bytes.writeInt32BE(leaderEpoch, 12)
  return bytes
}

/** The batch as a broker stores it that gives all its records the time of their append. */
export function stampBatch(batch: RecordBatch, timestamp: bigint): RecordBatch {
  const bytes = Buffer.from(batch.bytes)
  bytes.writeInt16BE(bytes.readInt16BE(ATTRIBUTES_AT) | 0x08, ATTRIBUTES_AT)
  bytes.writeBigInt64BE(timestamp, MAX_TIMESTAMP_AT)
  bytes.writeUInt32BE(crc32c(bytes, ATTRIBUTES_AT), CRC_AT)
  return { ...batch, bytes, logAppendTime: true, maxTimestamp: timestamp }
}

export interface Marker {
  readonly outcome: 'commit' | 'abort'
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly coordinatorEpoch: number
  readonly timestamp: bigint
}

const CONTROL_TYPES = ['abort', 'commit'] as const

/** The batch that ends a producer's transaction in one partition. */
export function encodeMarker(marker: Marker, place: { baseOffset: bigint; leaderEpoch: number }): Buffer {
  const key = Buffer.alloc(4)
  key.writeInt16BE(0, 0)
  key.writeInt16BE(CONTROL_TYPES.indexOf(marker.outcome), 2)
  const value = Buffer.alloc(6)
  value.writeInt16BE(0, 0)
  value.writeInt32BE(marker.coordinatorEpoch, 2)
  return encodeBatch({
    ...place,
    transactional: true,
    control: true,
    producerId: marker.producerId,
    producerEpoch: marker.producerEpoch,
    records: [{ timestamp: marker.timestamp, key, value }],
  })
}

/** The outcome in a control batch, or null for another kind of batch. */
export function markerOutcome(batch: RecordBatch): 'commit' | 'abort' | null {
  if (!batch.control) return null
  const key = decodeRecords(batch)[0]?.key
  return key === null || key === undefined || key.length < 4
    ? null
    : (CONTROL_TYPES[key.readInt16BE(2)] ?? null)
}
