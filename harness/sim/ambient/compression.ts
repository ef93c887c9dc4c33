import type { Transform, TransformCallback } from 'node:stream'
import zlib from 'node:zlib'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'
import { nativeWork } from './native-work.ts'
import { within } from './patch.ts'

type CompressionStream = Transform & { _transform: Transform['_transform']; push: Transform['push'] }

/**
 * Streams of zlib work in Node's thread pool: each piece is waited for, and told as an event of the
 * process.
 */
export function patchCompression(): void {
  for (const name of Object.keys(zlib).filter((key) => key.startsWith('create')))
    within(zlib, name, (process, args, real) =>
      controlled(process, real.apply(zlib, args) as CompressionStream),
    )
  for (const [name, Real] of Object.entries(zlib)) {
    if (typeof Real !== 'function' || !('prototype' in Real) || !/^[A-Z]/.test(name)) continue
    Reflect.set(zlib, name, controlledClass(Real as new (...args: unknown[]) => CompressionStream))
  }
}

function controlledClass(Real: new (...args: unknown[]) => CompressionStream): unknown {
  const make = (made: CompressionStream): CompressionStream => {
    const process = currentProcess()
    return process === undefined ? made : controlled(process, made)
  }
  return new Proxy(Real, {
    construct: (target, args, newTarget) =>
      make(Reflect.construct(target, args, newTarget) as CompressionStream),
    apply: (target, _self, args) => make(new target(...args)),
  })
}

const known = new WeakSet<CompressionStream>()

function controlled(process: Proc, stream: CompressionStream): CompressionStream {
  if (known.has(stream)) return stream
  known.add(stream)
  const { _transform: transform, push } = stream
  stream._transform = (chunk: unknown, encoding: BufferEncoding, done: TransformCallback): void => {
    const pieces: unknown[] = []
    const work = (): Promise<unknown> =>
      new Promise((resolve) => {
        stream.push = (piece: unknown) => {
          pieces.push(piece)
          return true
        }
        transform.call(stream, chunk, encoding, (error) => resolve(error ?? null))
        stream.once('error', resolve)
      })
    nativeWork(process, work).then((error) => {
      stream.push = push
      for (const piece of pieces) stream.push(piece)
      done(error as Error | null)
    })
  }
  return stream
}
