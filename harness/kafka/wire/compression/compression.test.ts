import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeRecords, encodeBatch, readBatches } from '../index.ts'
import { COMPRESSED_BATCHES } from '../testing/compressed-batches.ts'
import { WireError } from '../wire-error.ts'
import { type CompressionCode, compress, decompress } from './index.ts'

const CODECS: readonly CompressionCode[] = [0, 1, 2, 3, 4]
const ROOMS = 200_000

describe('compression', () => {
  it.each(COMPRESSED_BATCHES)('codec %i: what the Java client wrote', (codec, base64) => {
    const [batch] = readBatches(Buffer.from(base64, 'base64'))
    if (batch === undefined) throw new Error('no batch')
    expect(batch.compression).toBe(codec)
    const records = decodeRecords(batch)
    expect(records).toHaveLength(40)
    records.slice(0, 39).forEach(({ key, value, offset, timestamp }, index) => {
      expect([String(key), String(value), offset, timestamp]).toEqual([
        `key-${index % 5}`,
        `order ${index % 7} has been paid, and paid again: ${index * index}`,
        BigInt(index),
        1_700_000_000_000n + BigInt(index),
      ])
    })
    expect(String(records[39]?.value)).toBe(`tail ${'abcdefghij'.repeat(20)}9876543210`)
  })

  it.each(CODECS)('codec %i: what we write, we read', (codec) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.nat(300), (bytes, times) => {
        const plain = Buffer.concat(Array.from({ length: times }, () => bytes))
        expect(decompress(compress(plain, codec), codec).equals(plain)).toBe(true)
      }),
      { numRuns: 100 },
    )
    const value = Buffer.alloc(ROOMS, 'room')
    const [batch] = readBatches(
      encodeBatch({ compression: codec, records: [{ timestamp: 1n, key: null, value }] }),
    )
    expect(batch === undefined ? null : decodeRecords(batch)[0]?.value?.equals(value)).toBe(true)
  })

  it('a bare snappy block, as librdkafka writes it, with copies of all three kinds', () => {
    const far = Buffer.alloc(70_000, 'x')
    const block = Buffer.concat([
      // 70,014 bytes: 70,000 literals, 5 from 1 back, 5 from 8 back, 4 from 70,000 back.
      Buffer.from([0xfe, 0xa2, 0x04, 62 << 2, 0x6f, 0x11, 0x01]),
      far,
      Buffer.from([((5 - 4) << 2) | 1, 1]),
      Buffer.from([((5 - 1) << 2) | 2, 8, 0]),
      Buffer.from([((4 - 1) << 2) | 3, 0x70, 0x11, 0x01, 0]),
    ])
    expect(decompress(block, 2).equals(Buffer.alloc(70_014, 'x'))).toBe(true)
  })

  it('lz4 with content size, checksums of blocks and of the content, and a match that overlaps itself', () => {
    const frame = Buffer.concat([
      Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x7c, 0x40, 20, 0, 0, 0, 0, 0, 0, 0, 0]),
      // `ab`, then 13 bytes from 2 back, then 5 literals.
      Buffer.from([11, 0, 0, 0, 0x29, 0x61, 0x62, 2, 0, 0x50, 0x31, 0x32, 0x33, 0x34, 0x35, 9, 9, 9, 9]),
      Buffer.from([0, 0, 0, 0, 7, 7, 7, 7]),
    ])
    expect(String(decompress(frame, 3))).toBe('abababababababa12345')
  })

  it.each([1, 2, 3, 4])('codec %i: damaged bytes are a WireError, and soon', (codec) => {
    const whole = [compress(Buffer.alloc(3_000, 'abcdefg'), codec as CompressionCode)]
    for (const [known, base64] of COMPRESSED_BATCHES)
      if (known === codec) whole.push(Buffer.from(base64, 'base64').subarray(61))
    let refused = 0
    fc.assert(
      fc.property(fc.constantFrom(...whole), fc.nat(), fc.nat(255), fc.nat(), (bytes, at, byte, cut) => {
        const damaged = Buffer.from(bytes)
        damaged[at % damaged.length] = byte
        try {
          decompress(damaged.subarray(0, cut % 2 === 0 ? damaged.length : cut % damaged.length), codec)
        } catch (error) {
          if (!(error instanceof WireError)) throw error
          refused += 1
        }
      }),
      { numRuns: 500 },
    )
    expect(refused).toBeGreaterThan(25)
  })
})
