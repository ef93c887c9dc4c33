import fc from 'fast-check'
import alea from 'seedrandom/lib/alea.js'
import { entryAt } from './lists.ts'
import type { Stream } from './seed.ts'

/** A source of chance for fast-check, made from a seed with the generator of `createStream`. */
export function createRandom(seed: string): fc.Random {
  return new fc.Random(generatorOf(alea(seed, { state: true })))
}

/**
 * Draws of fast-check as a stream of ours: strategies read the same, whatever their source of
 * chance.
 */
export function streamOf(random: fc.Random): Stream {
  const below = (limit: number): number => random.nextInt(0, limit - 1)
  return {
    bits32: () => random.nextInt(-(2 ** 31), 2 ** 31 - 1) >>> 0,
    below,
    between: (low, high) => random.nextInt(low, high),
    oneIn: (numerator, denominator) => below(denominator) < numerator,
    pick<T>(list: readonly T[]): T {
      if (list.length === 0) throw new RangeError('cannot pick from an empty list')
      return entryAt(list, below(list.length))
    },
  }
}

/** As far as fast-check itself goes for generators that can't jump. */
const JUMP = 42

/** The generator interface that `fc.Random` expects, as in pure-rand. */
interface Generator {
  /** 32 bits, as a signed number. */
  next(): number
  clone(): Generator
  /** Moves far on. Of generators without it, fast-check's copies share their state. */
  jump(): void
  getState(): readonly number[]
}

function generatorOf(source: ReturnType<typeof alea>): Generator {
  const state = (): ReturnType<typeof source.state> => source.state()
  return {
    next: () => source.int32(),
    jump() {
      for (let draw = 0; draw < JUMP; draw += 1) source.int32()
    },
    clone: () => generatorOf(alea('', { state: state() })),
    getState() {
      const { c, s0, s1, s2 } = state()
      return [c, s0, s1, s2]
    },
  }
}
