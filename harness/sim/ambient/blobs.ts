import buffer, { type BlobOptions } from 'node:buffer'
import fs from 'node:fs'
import { nativeWork } from './native-work.ts'
import { within } from './patch.ts'
import { answerPromise } from './thread-pool.ts'

/** As Node's own streams of blobs hand them over. */
const CHUNK_BYTES = 65_536

/** Blobs are read by native code, which answers when it likes: its answer is an event. */
export function patchBlobs(): void {
  const { prototype } = buffer.Blob
  const bytesOf = prototype.arrayBuffer
  for (const name of ['arrayBuffer', 'text', 'bytes'])
    within(prototype, name, (process, args, real, self) =>
      nativeWork(process, () => real.apply(self, args) as PromiseLike<unknown>),
    )
  within(prototype, 'stream', (process, _args, _real, self) => {
    let left: Uint8Array | null = null
    return new ReadableStream({
      type: 'bytes',
      async pull(controller) {
        left ??= new Uint8Array((await nativeWork(process, () => bytesOf.call(self as Blob))) as ArrayBuffer)
        if (left.byteLength > 0) controller.enqueue(left.slice(0, CHUNK_BYTES))
        left = left.subarray(CHUNK_BYTES)
        if (left.byteLength > 0) return
        controller.close()
        // A reader that waits with a buffer of its own is told of the end by it.
        controller.byobRequest?.respond(0)
      },
    })
  })
  within(fs, 'openAsBlob', (process, [file, options]) =>
    answerPromise(process, () => new buffer.Blob([fs.readFileSync(file as string)], options as BlobOptions)),
  )
}
