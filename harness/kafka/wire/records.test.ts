import { createRequire } from 'node:module'
import zlib from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c } from './crc32c.ts'
import {
  decodeRecords,
  encodeBatch,
  encodeMarker,
  markerOutcome,
  type RecordBatch,
  type RecordToEncode,
  readBatches,
  rebaseBatch,
  WireError,
} from './index.ts'

const require = createRequire(import.meta.url)

interface TheirBatch {
  readonly records: readonly {
    readonly offset: string
    readonly timestamp: string
    readonly key: Buffer | null
    readonly value: Buffer | null
    readonly headers: Readonly<Record<string, Buffer | Buffer[]>>
    readonly isControlRecord: boolean
  }[]
  readonly producerId: string
  readonly inTransaction: boolean
  readonly isControlBatch: boolean
}

const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object
const theirDecode = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: object,
) => Promise<TheirBatch>
const Long = require('kafkajs/src/utils/long') as { fromValue(value: string): object }
const theirRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object
const { RecordBatch: theirEncode } = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch(batch: object): Promise<{ readonly buffer: Buffer }>
}

const NOON = 1_700_000_000_000n
const RECORDS: readonly RecordToEncode[] = [
  { timestamp: NOON, key: Buffer.from('k'), value: Buffer.from('v1') },
  { timestamp: NOON + 5n, key: null, value: null, headers: [{ key: 'h', value: Buffer.from('x') }] },
  { timestamp: NOON - 5n, key: Buffer.alloc(0), value: Buffer.alloc(300, 7) },
]

function only(bytes: Buffer): RecordBatch {
  const [batch, ...more] = readBatches(bytes)
  if (batch === undefined || more.length > 0) throw new Error('not one batch')
  return batch
}

function refusal(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof WireError) return error.reason
    throw error
  }
  return 'none'
}

/** The batch with other bytes at a place, and a CRC that agrees. */
function altered(bytes: Buffer, alter: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes)
  alter(copy)
  copy.writeUInt32BE(crc32c(copy, 21), 17)
  return copy
}

describe('record batches', () => {
  it.each([0, 1] as const)('with compression %i: kafkajs reads ours, beyond 2^53', async (compression) => {
    const baseOffset = 2n ** 60n
    const bytes = encodeBatch({ baseOffset, compression, producerId: 2n ** 55n, records: RECORDS })
    const theirs = await theirDecode(new Decoder(bytes))
    expect(theirs.producerId).toBe(String(2n ** 55n))
    const read = theirs.records.map(({ offset, timestamp, key, value, headers }) => ({
      offset: BigInt(offset),
      timestamp: BigInt(timestamp),
      key,
      value,
      headers: Object.entries(headers).map(([name, each]) => ({ key: name, value: each })),
    }))
    expect(read).toEqual(decodeRecords(only(bytes)))
    expect(read.map(({ offset }) => offset)).toEqual([baseOffset, baseOffset + 1n, baseOffset + 2n])
  })

  it.each([0, 1])('with compression %i: we read those of kafkajs', async (compression) => {
    const records = [0, 1].map((offsetDelta) =>
      theirRecord({
        key: 'k',
        value: `v${offsetDelta}`,
        offsetDelta,
        timestampDelta: 3,
        headers: { h: 'x' },
      }),
    )
    const { buffer } = await theirEncode({
      compression,
      records,
      lastOffsetDelta: 1,
      firstTimestamp: Number(NOON),
      maxTimestamp: Number(NOON + 3n),
      producerId: Long.fromValue('36028797018963971'),
      producerEpoch: 4,
      firstSequence: 5,
      transactional: true,
    })
    const batch = only(buffer)
    expect(batch).toMatchObject({
      compression,
      producerId: 36028797018963971n,
      producerEpoch: 4,
      baseSequence: 5,
      recordCount: 2,
      baseOffset: 0n,
      lastOffset: 1n,
      transactional: true,
      control: false,
    })
    expect(
      decodeRecords(batch).map(({ value, timestamp, headers }) => [String(value), timestamp, headers]),
    ).toEqual([
      ['v0', NOON + 3n, [{ key: 'h', value: Buffer.from('x') }]],
      ['v1', NOON + 3n, [{ key: 'h', value: Buffer.from('x') }]],
    ])
  })

  it('any records are read as they were written', () => {
    const bytes = fc.option(fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)))
    const record = fc.record({
      timestamp: fc.bigInt({ min: 0n, max: 2n ** 50n }),
      key: bytes,
      value: bytes,
      headers: fc.array(fc.record({ key: fc.string({ unit: 'grapheme', maxLength: 5 }), value: bytes })),
    })
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
        const read = decodeRecords(only(encodeBatch({ baseOffset: 9n, records })))
        expect(read).toEqual(records.map((each, index) => ({ ...each, offset: 9n + BigInt(index) })))
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('several follow each other, and a last one that Fetch cut short is left out', () => {
    const one = encodeBatch({ baseOffset: 3n, records: RECORDS })
    const two = encodeBatch({ baseOffset: 6n, records: RECORDS.slice(1) })
    for (let length = 0; length < two.length; length += 1) {
      const batches = readBatches(Buffer.concat([one, two.subarray(0, length)]))
      expect(batches.map(({ baseOffset, lastOffset }) => [baseOffset, lastOffset])).toEqual([[3n, 5n]])
    }
    expect(readBatches(Buffer.concat([one, two]))).toHaveLength(2)
  })

  it('moved to another place in a log, with no CRC to write', () => {
    const bytes = encodeBatch({ records: RECORDS })
    const moved = only(rebaseBatch(Buffer.from(bytes), 2n ** 62n, 4))
    expect([moved.baseOffset, moved.lastOffset, moved.leaderEpoch]).toEqual([2n ** 62n, 2n ** 62n + 2n, 4])
    expect(only(bytes).baseOffset).toBe(0n)
  })

  it('with the time of their append, which all records take', () => {
    const bytes = altered(encodeBatch({ records: RECORDS }), (copy) => copy.writeInt16BE(0x08, 21))
    const times = decodeRecords(only(bytes)).map(({ timestamp }) => timestamp)
    expect(times).toEqual([NOON + 5n, NOON + 5n, NOON + 5n])
  })
})

describe('record batches that are refused', () => {
  const bytes = encodeBatch({ records: RECORDS })

  it('corrupt: a flipped bit, a length that cannot be, a format of the future, broken gzip', () => {
    const flipped = Buffer.from(bytes)
    flipped[70] = (flipped[70] ?? 0) ^ 1
    expect(refusal(() => readBatches(flipped))).toBe('corrupt')
    for (const length of [-1, 0, 13, 48]) {
      const short = Buffer.from(bytes)
      short.writeInt32BE(length, 8)
      expect([length, refusal(() => readBatches(short))]).toEqual([length, 'corrupt'])
    }
    const future = Buffer.from(bytes)
    future[16] = 3
    expect(refusal(() => readBatches(future))).toBe('corrupt')
    const gzip = altered(encodeBatch({ compression: 1, records: RECORDS }), (copy) => copy.fill(0, 61))
    expect(refusal(() => decodeRecords(only(gzip)))).toBe('corrupt')
  })

  it('malformed: message sets of formats 0 and 1', () => {
    for (const magic of [0, 1]) {
      const old = Buffer.from(bytes)
      old[16] = magic
      expect(refusal(() => readBatches(old))).toBe('malformed')
    }
  })

  it.each([5, 6, 7])('unsupported: compression %i, but its header is read', (compression) => {
    const batch = only(altered(bytes, (copy) => copy.writeInt16BE(compression, 21)))
    expect(batch.compression).toBe(compression)
    expect(refusal(() => decodeRecords(batch))).toBe('unsupported-compression')
  })

  it('malformed: a count of records, a size or a count of headers that does not fit', () => {
    const counted = (count: number): Buffer => altered(bytes, (copy) => copy.writeInt32BE(count, 57))
    for (const count of [2, 4, 2 ** 31 - 1, -1])
      expect([count, refusal(() => decodeRecords(only(counted(count))))]).toEqual([count, 'malformed'])
    const single = encodeBatch({ records: [{ timestamp: 0n, key: null, value: Buffer.from('v') }] })
    const sized = altered(single, (copy) => copy.writeInt8((copy[61] ?? 0) - 2, 61))
    expect(refusal(() => decodeRecords(only(sized)))).toBe('malformed')
    const headers = altered(single, (copy) => copy.writeInt8(1, copy.length - 1))
    expect(refusal(() => decodeRecords(only(headers)))).toBe('malformed')
  })

  it('5,000 mutated batches, plain and gzip, with a CRC that agrees: a WireError and nothing else', () => {
    const batches = [bytes, encodeBatch({ compression: 1, records: RECORDS })]
    const mutation = fc.record({ at: fc.nat(), byte: fc.nat(255) })
    fc.assert(
      fc.property(
        fc.constantFrom(...batches),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (batch, mutations) => {
          const mutated = altered(batch, (copy) => {
            for (const { at, byte } of mutations) copy[at % copy.length] = byte
          })
          refusal(() => readBatches(mutated).map(decodeRecords))
        },
      ),
      { numRuns: 5_000, seed: 7 },
    )
  })
})

describe('the end of a transaction', () => {
  it.each(['commit', 'abort'] as const)('%s: a control batch, as kafkajs reads it', async (outcome) => {
    const marker = { outcome, producerId: 2n ** 54n, producerEpoch: 3, coordinatorEpoch: 5, timestamp: NOON }
    const bytes = encodeMarker(marker, { baseOffset: 8n, leaderEpoch: 2 })
    const batch = only(bytes)
    expect(batch).toMatchObject({
      baseOffset: 8n,
      lastOffset: 8n,
      leaderEpoch: 2,
      control: true,
      transactional: true,
      producerId: 2n ** 54n,
      producerEpoch: 3,
      baseSequence: -1,
    })
    expect(markerOutcome(batch)).toBe(outcome)
    const theirs = await theirDecode(new Decoder(bytes))
    expect(theirs.isControlBatch && theirs.inTransaction).toBe(true)
    expect(theirs.records[0]?.isControlRecord).toBe(true)
    expect(theirs.records[0]?.key?.toString('hex')).toBe(outcome === 'commit' ? '00000001' : '00000000')
  })

  it('is nothing that a batch of data says', () => {
    expect(markerOutcome(only(encodeBatch({ records: RECORDS })))).toBeNull()
  })
})

describe('CRC-32C', () => {
  it("of '123456789' is e3069283, and of any bytes what kafkajs computes", () => {
    expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283')
    const theirs = require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number
    for (const size of [0, 1, 7, 8, 9, 1_000]) {
      const bytes = zlib.gzipSync(Buffer.alloc(size, 3))
      expect(crc32c(bytes)).toBe(theirs(bytes))
    }
  })
})
