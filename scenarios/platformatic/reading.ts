import { Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { TextMessage, TextStream } from './messages.ts'

/**
 * A way to read a stream: `work` is called with each message, and settles when it is done. Ends
 * with the stream, and fails with the first work that does.
 */
export type Read = (stream: TextStream, work: (message: TextMessage) => Promise<void>) => Promise<void>

/** One message after the other, as an iterator hands them over. */
export const inLoop: Read = async (stream, work) => {
  for await (const message of stream) await work(message)
}

/** A `data` listener that queues: the stream does not wait for its listeners. */
export const inListener: Read = (stream, work) => {
  let last: Promise<void> = Promise.resolve()
  return new Promise((resolve, reject) => {
    stream.on('data', async (message) => {
      last = last.then(() => work(message))
      await last.catch(reject)
    })
    stream.once('end', resolve)
  })
}

/** A Writable that works on one message at a time, and holds the next few. */
export const inPipeline: Read = (stream, work) =>
  pipeline(
    stream,
    new Writable({
      objectMode: true,
      highWaterMark: 4,
      write: (message: TextMessage, _encoding, done) => void work(message).then(() => done(), done),
    }),
  )

/**
 * A Transform that works, and a Writable behind it for what is left to do with the same message.
 */
export function inTwoSteps(second: (message: TextMessage) => Promise<void>): Read {
  return (stream, work) =>
    pipeline(
      stream,
      new Transform({
        objectMode: true,
        transform: (message: TextMessage, _encoding, done) =>
          void work(message).then(() => done(null, message), done),
      }),
      new Writable({
        objectMode: true,
        write: (message: TextMessage, _encoding, done) => void second(message).then(() => done(), done),
      }),
    )
}
