import { describe, expect, it } from 'vitest'
import { ByteStore } from './byte-store.ts'

describe('bytes that a log keeps', () => {
  it('of any size are copies that stay as they were', () => {
    const store = new ByteStore()
    const sizes = [
      0,
      1,
      7,
      1_000,
      1_024,
      3,
      16_384,
      16_385,
      70_000,
      5,
      ...Array.from({ length: 200 }, () => 997),
    ]
    const kept = sizes.map((size, index) => {
      const bytes = Buffer.alloc(size, index + 1)
      const copy = store.keep(bytes)
      bytes.fill(0)
      return copy
    })
    expect(kept.map((copy, index) => copy.equals(Buffer.alloc(sizes[index] ?? 0, index + 1)))).toEqual(
      sizes.map(() => true),
    )
  })

  it('of small sizes share memory that holds nothing else', () => {
    const store = new ByteStore()
    const kept = Array.from({ length: 1_000 }, () => store.keep(Buffer.alloc(172)))
    const held = [...new Set(kept.map(({ buffer }) => buffer))].reduce(
      (sum, { byteLength }) => sum + byteLength,
      0,
    )
    expect(held).toBeLessThan(1_000 * 172 * 1.6)
  })
})
