import crypto from 'node:crypto'
import fs from 'node:fs'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { currentProcess } from './current.ts'

type AnyFunction = (...args: unknown[]) => unknown

/**
 * Asynchronous functions that work in Node's thread pool, and so end at a time that nobody controls: inside a simulated
 * process they are done by their synchronous twins, and answer as the next event.
 */
export function patchThreadPool(): void {
  const compressions = [
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
  useTwins(zlib as unknown as Record<string, AnyFunction>, compressions)
  useTwins(crypto as unknown as Record<string, AnyFunction>, [
    'pbkdf2',
    'scrypt',
    'hkdf',
    'generateKeyPair',
    'generateKey',
    'sign',
    'verify',
  ])
  const files = ['readFile', 'stat', 'lstat', 'access', 'readdir', 'realpath', 'exists']
  useTwins(fs as unknown as Record<string, AnyFunction>, files)
  const promises = fs.promises as unknown as Record<string, AnyFunction>
  for (const name of files) {
    const real = promises[name]
    const twin = (fs as unknown as Record<string, AnyFunction>)[`${name}Sync`]
    if (real === undefined || twin === undefined) continue
    promises[name] = (...args) =>
      currentProcess() === undefined ? real.apply(promises, args) : settle(() => twin(...args))
  }
}

async function settle(work: () => unknown): Promise<unknown> {
  return work()
}

function useTwins(target: Record<string, AnyFunction>, names: readonly string[]): void {
  for (const name of names) {
    const real = target[name]
    const twin = target[`${name}Sync`]
    if (real === undefined || twin === undefined) continue
    const patched: AnyFunction = function (this: unknown, ...args) {
      const process = currentProcess()
      const done = args.at(-1)
      if (process === undefined || typeof done !== 'function') return real.apply(this, args)
      const [error, value] = attempt(() => twin(...args.slice(0, -1)))
      process.host.schedule(0, process, () => (done as AnyFunction)(error, value))
      return undefined
    }
    const realPromise = (real as { [promisify.custom]?: AnyFunction })[promisify.custom]
    if (realPromise !== undefined) {
      Object.defineProperty(patched, promisify.custom, {
        value: (...args: unknown[]) =>
          currentProcess() === undefined ? realPromise(...args) : settle(() => twin(...args)),
      })
    }
    target[name] = patched
  }
}

function attempt(work: () => unknown): [unknown, unknown] {
  try {
    return [null, work()]
  } catch (error) {
    return [error, undefined]
  }
}
