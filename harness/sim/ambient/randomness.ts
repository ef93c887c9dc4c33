import crypto from 'node:crypto'
import type { Stream } from '../../core/seed.ts'
import { within } from './patch.ts'

const TWO_26 = 2 ** 26
const TWO_32 = 2 ** 32
const TWO_48 = 2 ** 48
const TWO_53 = 2 ** 53
/** As webcrypto has it. */
const VALUES_BYTES_MAX = 65_536

type RandomCallback = (error: Error | null, value: unknown) => void

/**
 * `Math.random` and the random functions of crypto draw from the process's own stream of the run's
 * seed.
 */
export function patchRandomness(): void {
  within(Math, 'random', ({ random }) => fraction(random))
  within(crypto, 'randomUUID', ({ random }) => uuid(random))
  within(crypto, 'randomUUIDv7', ({ random }) => uuid(random, Date.now()))
  within(crypto, 'randomBytes', (process, [size, done]) => {
    const bytes = fill(process.random, Buffer.alloc(Number(size)))
    if (typeof done !== 'function') return bytes
    process.soon(0, () => (done as RandomCallback)(null, bytes))
    return undefined
  })
  within(crypto, 'pseudoRandomBytes', (_process, args) =>
    (crypto.randomBytes as (...args: unknown[]) => unknown)(...args),
  )
  within(crypto, 'randomInt', (process, args) => {
    const [low, high] = typeof args[1] === 'number' ? [Number(args[0]), args[1]] : [0, Number(args[0])]
    const value = below(process.random, low, high)
    const done = args.at(-1)
    if (typeof done !== 'function') return value
    process.soon(0, () => (done as RandomCallback)(null, value))
    return undefined
  })
  within(crypto, 'randomFillSync', ({ random }, [view, ...range]) => fillView(random, view, range))
  within(crypto, 'randomFill', (process, [view, ...rest]) => {
    fillView(process.random, view, rest)
    const done = rest.at(-1) as RandomCallback
    process.soon(0, () => done(null, view))
  })
  within(crypto.webcrypto, 'randomUUID', ({ random }) => uuid(random))
  // `crypto.getRandomValues` asks this one.
  within(crypto.webcrypto, 'getRandomValues', ({ random }, [view]) => randomValues(random, view))
}

/** In [0, 1), with all the bits that `Math.random` has. */
function fraction(random: Stream): number {
  return ((random.bits32() >>> 5) * TWO_26 + (random.bits32() >>> 6)) / TWO_53
}

function below(random: Stream, low: number, high: number): number {
  const range = high - low
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || range <= 0 || range >= TWO_48) {
    throw Object.assign(new RangeError(`The value of "max" is out of range. Received ${high}`), {
      code: 'ERR_OUT_OF_RANGE',
    })
  }
  return low + (((random.bits32() >>> 16) * TWO_32 + random.bits32()) % range)
}

/** A whole number of 64 bits with a sign. */
export function bits64(random: Stream): bigint {
  return BigInt.asIntN(64, (BigInt(random.bits32()) << 32n) | BigInt(random.bits32()))
}

/** Random bytes in the place of those that are there. */
export function fill<Bytes extends Uint8Array>(random: Stream, bytes: Bytes): Bytes {
  for (let index = 0; index < bytes.length; index += 4) {
    const bits = random.bits32()
    bytes[index] = bits
    bytes[index + 1] = bits >>> 8
    bytes[index + 2] = bits >>> 16
    bytes[index + 3] = bits >>> 24
  }
  return bytes
}

/** `range` is an offset and a count, in elements of the view. */
function fillView(random: Stream, view: unknown, range: readonly unknown[]): unknown {
  const isView = ArrayBuffer.isView(view)
  const bytes = isView
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view as ArrayBuffer)
  const size = isView && 'BYTES_PER_ELEMENT' in view ? Number(view.BYTES_PER_ELEMENT) : 1
  const from = typeof range[0] === 'number' ? range[0] * size : 0
  const count = typeof range[1] === 'number' ? range[1] * size : bytes.length - from
  fill(random, bytes.subarray(from, from + count))
  return view
}

function randomValues(random: Stream, view: unknown): unknown {
  const bytes = (view as Uint8Array).byteLength
  if (bytes > VALUES_BYTES_MAX) {
    const text = `The requested length exceeds 65,536 bytes: ${bytes}`
    throw new DOMException(text, 'QuotaExceededError')
  }
  return fillView(random, view, [])
}

/** Version 4, or version 7 with the time that it begins with (RFC 9562). */
function uuid(random: Stream, unixMs: number | null = null): crypto.UUID {
  const bytes = fill(random, Buffer.alloc(16))
  if (unixMs !== null) bytes.writeUIntBE(unixMs, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (unixMs === null ? 0x40 : 0x70)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
