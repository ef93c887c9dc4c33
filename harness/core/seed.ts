import alea from 'seedrandom/lib/alea.js'
import { entryAt } from './lists.ts'

/**
 * Chance as named streams of one seed. Every component draws from its own stream, so that taking
 * one fault away changes no other component's draws. All draws are integers: ratios, never floats.
 */
export interface Stream {
  /** A whole number in [0, limit). `limit` is at least 1 and at most 2^31. */
  below(limit: number): number
  /** A whole number in [low, high], both ends included. */
  between(low: number, high: number): number
  /** True `numerator` times of `denominator`. */
  oneIn(numerator: number, denominator: number): boolean
  /** One element; throws on an empty list. */
  pick<T>(list: readonly T[]): T
  /** 32 random bits, as an unsigned number. */
  bits32(): number
}

export interface Chance {
  /** The stream of this name; the same name gives the same stream object. */
  stream(name: string): Stream
  /** All streams, those that are there already as well, draw by another seed from now on. */
  branch(seed: string): void
}

/** Streams derived from `seed` and each stream's name by seedrandom's Alea generator. */
export function createChance(seed: string): Chance {
  const streams = new Map<string, Stream & { reseed(seed: string): void }>()
  let current = seed
  return {
    stream(name) {
      const known = streams.get(name)
      if (known !== undefined) return known
      const made = createStream(`${current}/${name}`)
      streams.set(name, made)
      return made
    },
    branch(other) {
      current = other
      for (const [name, stream] of streams) stream.reseed(`${other}/${name}`)
    },
  }
}

/** One stream of its own, for places that need no names. */
export function createStream(seed: string): Stream & { reseed(seed: string): void } {
  let current = seed
  // Made by its first draw: most streams of a run are never drawn from.
  let generator: ReturnType<typeof alea> | null = null
  const bits32 = (): number => {
    generator ??= alea(current)
    return generator.int32() >>> 0
  }
  const below = (limit: number): number => bits32() % limit
  return {
    bits32,
    below,
    between: (low, high) => low + below(high - low + 1),
    oneIn: (numerator, denominator) => below(denominator) < numerator,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('cannot pick from an empty list')
      return entryAt(list, below(list.length))
    },
    reseed(other) {
      current = other
      generator = null
    },
  }
}
