import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom, streamOf } from './random.ts'

function draws(random: fc.Random): readonly number[] {
  return Array.from({ length: 20 }, () => random.nextInt(0, 1_000_000))
}

describe('chance of fast-check out of a seed', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(draws(createRandom('a'))).toEqual(draws(createRandom('a')))
    expect(draws(createRandom('a'))).not.toEqual(draws(createRandom('b')))
  })

  it('is copied where fast-check copies it: what one draws changes nothing for the other', () => {
    const random = createRandom('a')
    draws(random)
    const copy = random.clone()
    const drawn = draws(random)
    expect(draws(copy)).toEqual(drawn)
  })

  it('feeds arbitraries', () => {
    const text = fc.string({ minLength: 5 })
    const values = ['a', 'b', 'a'].map((seed) => text.generate(createRandom(seed), undefined).value)
    expect(values[0]).toBe(values[2])
    expect(values[0]).not.toBe(values[1])
  })
})

describe('a stream of it', () => {
  it('draws whole numbers within their limits, each of them', () => {
    const stream = streamOf(createRandom('a'))
    expect(new Set(Array.from({ length: 200 }, () => stream.below(3)))).toEqual(new Set([0, 1, 2]))
    expect(new Set(Array.from({ length: 200 }, () => stream.between(2, 4)))).toEqual(new Set([2, 3, 4]))
    expect(new Set(Array.from({ length: 200 }, () => stream.pick(['a', 'b'])))).toEqual(new Set(['a', 'b']))
    const bits = Array.from({ length: 200 }, () => stream.bits32())
    expect(Math.max(...bits)).toBeGreaterThan(2 ** 31)
    expect(Math.min(...bits)).toBeGreaterThanOrEqual(0)
    expect(() => stream.pick([])).toThrow(RangeError)
  })

  it('is true as often as asked for', () => {
    const stream = streamOf(createRandom('a'))
    const hits = Array.from({ length: 3_000 }, () => stream.oneIn(1, 3)).filter(Boolean).length
    expect(hits).toBeGreaterThan(900)
    expect(hits).toBeLessThan(1_100)
  })
})
