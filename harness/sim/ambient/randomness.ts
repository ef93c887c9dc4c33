import crypto from 'node:crypto'
import type { Stream } from '../../core/seed.ts'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'

const TWO_32 = 2 ** 32

/** Chance inside a process comes from its own stream of the run's seed. */
function streamOf({ host, name, incarnation }: Proc): Stream {
  return host.chance.stream(`random/${name}/${incarnation}`)
}

function fill(stream: Stream, bytes: Uint8Array): void {
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = stream.bits32() & 0xff
}

function uuid(stream: Stream): crypto.UUID {
  const bytes = Buffer.alloc(16)
  fill(stream, bytes)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

type Done<T> = (error: Error | null, value: T) => void

/** `Math.random` and the random functions of crypto. */
export function patchRandomness(): void {
  const realRandom = Math.random
  Math.random = () => {
    const process = currentProcess()
    return process === undefined ? realRandom() : streamOf(process).bits32() / TWO_32
  }
  const real = { ...crypto }
  const target = crypto as unknown as Record<string, unknown>
  target['randomUUID'] = (options?: crypto.RandomUUIDOptions) => {
    const process = currentProcess()
    return process === undefined ? real.randomUUID(options) : uuid(streamOf(process))
  }
  target['randomBytes'] = (size: number, done?: Done<Buffer>) => {
    const process = currentProcess()
    if (process === undefined)
      return done === undefined ? real.randomBytes(size) : real.randomBytes(size, done)
    const bytes = Buffer.alloc(size)
    fill(streamOf(process), bytes)
    if (done === undefined) return bytes
    process.host.schedule(0, process, () => done(null, bytes))
    return undefined
  }
  target['randomInt'] = (low: number, high?: number | Done<number>, done?: Done<number>) => {
    const process = currentProcess()
    if (process === undefined) return (real.randomInt as (...args: unknown[]) => unknown)(low, high, done)
    const [from, to] = typeof high === 'number' ? [low, high] : [0, low]
    const value = from + Math.floor((streamOf(process).bits32() / TWO_32) * (to - from))
    const callback = typeof high === 'function' ? high : done
    if (callback === undefined) return value
    process.host.schedule(0, process, () => callback(null, value))
    return undefined
  }
  target['randomFillSync'] = (view: NodeJS.ArrayBufferView, ...range: number[]) => {
    const process = currentProcess()
    if (process === undefined) return (real.randomFillSync as (...args: unknown[]) => unknown)(view, ...range)
    fill(streamOf(process), new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
    return view
  }
  patchWebCrypto()
}

function patchWebCrypto(): void {
  const { webcrypto } = crypto
  const realUuid = webcrypto.randomUUID.bind(webcrypto)
  const realValues = webcrypto.getRandomValues.bind(webcrypto)
  const randomUUID = (): crypto.UUID => {
    const process = currentProcess()
    return process === undefined ? realUuid() : uuid(streamOf(process))
  }
  const getRandomValues = <T extends NodeJS.TypedArray>(view: T): T => {
    const process = currentProcess()
    if (process === undefined) return (realValues as unknown as (view: T) => T)(view)
    fill(streamOf(process), new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
    return view
  }
  Object.defineProperty(webcrypto, 'randomUUID', { configurable: true, writable: true, value: randomUUID })
  Object.defineProperty(webcrypto, 'getRandomValues', {
    configurable: true,
    writable: true,
    value: getRandomValues,
  })
}
