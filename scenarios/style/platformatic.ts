import { Readable } from 'node:stream'
import { setTimeout as later } from 'node:timers/promises'
import { type AppContext, atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { commit } from '../platformatic/commit.ts'
import type { TextMessage, TextStream } from '../platformatic/messages.ts'
import { type StreamServiceOptions, startStreamService } from '../platformatic/service.ts'

const base = { topics: { work: { partitions: 2 } }, records: { work: 8 }, consumers: 2 } as const

/** Works on a message; gives it back where it may be committed. */
type Work = (message: TextMessage) => Promise<TextMessage | null>

/**
 * A service that reads its stream in this way, and commits there. A message that comes again, or
 * that is another process's by now, is not worked on, and must not be committed either.
 */
const reading =
  (read: (stream: TextStream, work: Work) => Promise<void>, options: Partial<StreamServiceOptions> = {}) =>
  (context: AppContext): Promise<void> => {
    const done = new WeakSet<TextMessage>()
    return startStreamService(context, {
      group: 'g',
      topics: ['work'],
      read: (stream, take) =>
        read(stream, async (message) => {
          await take(message)
          return done.has(message) ? message : null
        }),
      handle: async (message) => {
        await context.effects.record(message)
        done.add(message)
      },
      ...options,
    })
  }

async function commitDone(message: TextMessage | null): Promise<void> {
  if (message !== null) await commit(message)
}

const v01 = defineScenario({
  ...base,
  name: 'v01 operators of a stream: two works at once, commits in turn',
  guarantee: atLeastOnce(),
  app: reading((stream, work) =>
    // Null would end a stream.
    stream
      .map(async (message) => ({ message: await work(message) }), { concurrency: 2 })
      .forEach(async ({ message }) => {
        await commitDone(message)
      }),
  ),
})

/** Messages as they come, in lists of up to `most`, each of them as late as `withinMs`. */
async function* inChunks(stream: AsyncIterable<TextMessage>, most: number, withinMs: number) {
  const messages = stream[Symbol.asyncIterator]()
  let coming = messages.next()
  for (;;) {
    const first = await coming
    if (first.done === true) return
    const chunk = [first.value]
    const late = later(withinMs, 'late' as const)
    coming = messages.next()
    while (chunk.length < most) {
      const next = await Promise.race([coming, late])
      if (next === 'late' || next.done === true) break
      chunk.push(next.value)
      coming = messages.next()
    }
    yield chunk
  }
}

/** The last of each partition stands for those before it. */
async function commitAll(messages: readonly TextMessage[]): Promise<void> {
  const last = new Map(messages.map((message) => [`${message.topic}/${message.partition}`, message]))
  for (const message of last.values()) await commit(message)
}

const v02 = defineScenario({
  ...base,
  name: 'v02 chunks out of an iterator, worked on at once, committed by partition',
  guarantee: atLeastOnce(),
  app: reading(async (stream, work) => {
    for await (const chunk of inChunks(stream, 3, 200)) {
      const done = await Promise.all(chunk.map(work))
      await commitAll(done.filter((message) => message !== null))
    }
  }),
})

const v03 = defineScenario({
  ...base,
  name: 'v03 a lane for each partition, which pauses the stream when it is long',
  guarantee: atLeastOnce({ order: 'partition' }),
  app: reading((stream, work) => {
    const lanes = new Map<number, Promise<void>>()
    let waiting = 0
    return new Promise((resolve, reject) => {
      const take = async (message: TextMessage): Promise<void> => {
        await commitDone(await work(message))
        waiting -= 1
        if (waiting < 2) stream.resume()
      }
      stream.on('data', (message) => {
        waiting += 1
        if (waiting > 4) stream.pause()
        const lane = (lanes.get(message.partition) ?? Promise.resolve()).then(() => take(message))
        lanes.set(message.partition, lane)
        lane.catch(reject)
      })
      stream.once('end', resolve)
    })
  }),
})

const v04 = defineScenario({
  ...base,
  name: 'v04 static members, by the names of their processes',
  guarantee: atLeastOnce(),
  // All but new partitions: a static member that comes back gets its old assignment, without a
  // generation of its own, and this client then asks nobody for more (museum, finding 5).
  faults: [
    ...(['crash', 'pause', 'network', 'broker', 'handler', 'store'] as const),
    ...(['join', 'leave', 'graceful-restart'] as const),
  ],
  app: (context) =>
    reading(
      async (stream, work) => {
        for await (const message of stream) await commitDone(await work(message))
      },
      { groupInstanceId: context.instance },
    )(context),
})

const v05 = defineScenario({
  ...base,
  name: 'v05 a reader of web streams, which looks ahead by one',
  guarantee: atLeastOnce(),
  app: reading(async (stream, work) => {
    const reader = Readable.toWeb(stream).getReader()
    for (let coming = reader.read(); ; ) {
      const { done, value } = await coming
      if (done) return
      coming = reader.read()
      await commitDone(await work(value))
    }
  }),
})

const v06 = defineScenario({
  ...base,
  name: 'v06 reads by hand: readable, read() until there is none',
  guarantee: atLeastOnce(),
  app: reading(
    (stream, work) =>
      new Promise((resolve, reject) => {
        let busy = false
        const drain = async (): Promise<void> => {
          if (busy) return
          busy = true
          for (let message = stream.read(); message !== null; message = stream.read())
            await commitDone(await work(message))
          busy = false
        }
        stream.on('readable', () => void drain().catch(reject))
        stream.once('end', resolve)
      }),
  ),
})

/**
 * Correct consumers that read the stream of @platformatic/kafka in unusual ways: each must hold.
 */
export default [v01, v02, v03, v04, v05, v06] satisfies readonly Scenario[]
