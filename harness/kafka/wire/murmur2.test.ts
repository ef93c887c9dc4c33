import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { murmur2, partitionFor } from './index.ts'

const require = createRequire(import.meta.url)
const theirs = require('kafkajs/src/producer/partitioners/default/murmur2') as (key: Buffer) => number

describe('the hash of a record key', () => {
  it('is that of kafkajs, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const key = Buffer.from(bytes)
        expect(murmur2(key)).toBe(theirs(key))
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })

  it('gives the partitions that the Java client gives (its UtilsTest)', () => {
    const hashes = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536 }
    for (const [key, hash] of Object.entries(hashes))
      expect([key, murmur2(Buffer.from(key))]).toEqual([key, hash])
  })

  it('gives a partition that exists, also where the hash is negative', () => {
    for (const partitions of [1, 2, 3, 7, 100]) {
      const chosen = ['21', 'foobar', ''].map((key) => partitionFor(Buffer.from(key), partitions))
      for (const partition of chosen) expect(partition >= 0 && partition < partitions).toBe(true)
    }
  })
})
