import crypto from 'node:crypto'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'
import { type AnyFunction, isFunction, within } from './patch.ts'

const COMPRESSIONS = [
  'gzip',
  'gunzip',
  'deflate',
  'inflate',
  'deflateRaw',
  'inflateRaw',
  'unzip',
  'brotliCompress',
  'brotliDecompress',
  'zstdCompress',
  'zstdDecompress',
]
const DERIVATIONS = ['pbkdf2', 'scrypt', 'hkdf', 'generateKey', 'generatePrime', 'checkPrime']
/** Synchronous without a callback. */
const SIGNATURES = ['sign', 'verify', 'diffieHellman', 'encapsulate', 'decapsulate', 'argon2']

/**
 * Asynchronous functions that work in Node's thread pool, and so end at a time that nobody
 * controls: inside a simulated process they are done by their synchronous twins, and answer as an
 * event of their own.
 */
export function patchThreadPool(): void {
  for (const name of COMPRESSIONS) answerByTwin(zlib, name)
  for (const name of DERIVATIONS) answerByTwin(crypto, name)
  answerByTwin(crypto, 'generateKeyPair', {
    spread: (pair) => {
      const { publicKey, privateKey } = pair as crypto.KeyPairKeyObjectResult
      return [publicKey, privateKey]
    },
  })
  for (const name of SIGNATURES) {
    within(crypto, name, (process, args, real) => {
      const done = args.at(-1)
      if (!isFunction(done)) return real.apply(crypto, args)
      return answer(process, () => real.apply(crypto, args.slice(0, -1)), done)
    })
  }
}

interface TwinOptions {
  /** The callback's arguments after its error; default: the value. */
  readonly spread?: (value: unknown) => readonly unknown[]
  /** The callback has no error in front. */
  readonly bare?: boolean
}

/** `target[name](…, callback)` is done by `target[nameSync](…)`. */
export function answerByTwin(target: object, name: string, options: TwinOptions = {}): void {
  const twin: unknown = Reflect.get(target, `${name}Sync`)
  const real: unknown = Reflect.get(target, name)
  if (!isFunction(twin) || !isFunction(real)) return
  within(target, name, (process, args) => {
    const done = args.at(-1)
    if (!isFunction(done)) return real.apply(target, args)
    return answer(process, () => twin.apply(target, args.slice(0, -1)), done, options)
  })
  const promised = Reflect.get(real, promisify.custom) as AnyFunction | undefined
  if (promised === undefined) return
  const patched = Reflect.get(target, name) as object
  Object.defineProperty(patched, promisify.custom, {
    value: (...args: unknown[]) => {
      const process = currentProcess()
      if (process === undefined) return promised(...args)
      return answerPromise(process, () => twin.apply(target, args))
    },
  })
}

/** The work is done now, its outcome told by a callback in an event of its own. */
export function answer(
  process: Proc,
  work: () => unknown,
  done: AnyFunction,
  { spread = (value) => [value], bare = false }: TwinOptions = {},
): void {
  let outcome: readonly unknown[]
  try {
    outcome = bare ? spread(work()) : [null, ...spread(work())]
  } catch (error) {
    outcome = [error]
  }
  process.soon(0, () => done(...outcome))
}

/**
 * Does thread-pool work at once and settles a promise with its outcome, as the process's next
 * event.
 */
export function answerPromise(process: Proc, work: () => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    try {
      const value = work()
      process.soon(0, () => resolve(value))
    } catch (error) {
      process.soon(0, () => reject(error as Error))
    }
  })
}
