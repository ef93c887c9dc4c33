import { Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Message } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import type { Fault } from '../core/fault.ts'
import type { AppContext } from '../core/scenario.ts'
import { prepareStreams, streamApp } from '../scenario/testing/platformatic.ts'

type TakenMessage = Message<Buffer, Buffer, Buffer, Buffer>
type PipeWork = (message: TakenMessage) => Promise<unknown>

const RECORDS = { topics: { work: { partitions: 1 } }, records: { work: 3 }, consumers: 1 } as const

/** A Writable whose write takes as long as its work. */
function writer(work: PipeWork, highWaterMark: number): Writable {
  return new Writable({
    objectMode: true,
    highWaterMark,
    write: (message: TakenMessage, _encoding, done) => void work(message).then(() => done(), done),
  })
}

async function handlingOf(
  app: Parameters<typeof streamApp>[0],
  faults: readonly Fault[] = [],
): Promise<{ readonly lines: string[]; readonly timesUs: number[] }> {
  const prepared = await prepareStreams(streamApp(app), RECORDS)
  const workload = prepared.workload('pipe')
  const schedule = { seed: 'pipe', workload, faults, holds: [] }
  const { history } = await prepared.run(schedule, { stopAt: 'end', watchLeaks: true })
  const events = history.events.flatMap((event) =>
    /^(handler-|effect$)/.test(event.kind) && 'offset' in event ? [event] : [],
  )
  return {
    lines: events.map(({ kind, offset }) => `${kind} ${offset}`),
    timesUs: events.map(({ timeUs }) => timeUs),
  }
}

function recordThenCommit({ effects }: AppContext): PipeWork {
  return async (message) => {
    await effects.record(message)
    await message.commit()
  }
}

const ONE_BY_ONE = [0, 1, 2].flatMap((offset) => [
  `handler-start ${offset}`,
  `effect ${offset}`,
  `handler-end ${offset}`,
])

describe('a handler of a stream that is piped', () => {
  it.each([1, 16])('pipe: is the write of a Writable that holds %i', async (highWaterMark) => {
    const { lines } = await handlingOf((stream, context) => {
      stream.pipe(writer(recordThenCommit(context), highWaterMark))
    })
    expect(lines).toEqual(ONE_BY_ONE)
  })

  it('pipeline: is the write of a Writable', async () => {
    const { lines } = await handlingOf((stream, context) =>
      pipeline(stream, writer(recordThenCommit(context), 16)),
    )
    expect(lines).toEqual(ONE_BY_ONE)
  })

  it('pipeline into a loop: is an iteration of the loop', async () => {
    const { lines } = await handlingOf((stream, context) =>
      pipeline(stream, async (messages: AsyncIterable<TakenMessage>) => {
        const work = recordThenCommit(context)
        for await (const message of messages) await work(message)
      }),
    )
    expect(lines).toEqual(ONE_BY_ONE)
  })

  it('where it goes on through a Transform: is the transform, and what comes later is not waited for', async () => {
    const { lines } = await handlingOf((stream, context) => {
      const through = new Transform({
        objectMode: true,
        transform: (message: TakenMessage, _encoding, done) => done(null, message),
      })
      return pipeline(stream, through, writer(recordThenCommit(context), 1))
    })
    expect(lines).toEqual([
      'handler-start 0',
      'handler-end 0',
      'handler-start 1',
      'handler-end 1',
      'handler-start 2',
      'handler-end 2',
      'effect 0',
      'effect 1',
      'effect 2',
    ])
  })

  it('fails where the write does', async () => {
    const { lines } = await handlingOf((stream) => {
      stream.pipe(writer(() => Promise.reject(new Error('full')), 1)).once('error', () => {})
    })
    expect(lines).toEqual(['handler-start 0', 'handler-failure 0'])
  })

  it('is several messages at once where the Writable takes several', async () => {
    const { lines } = await handlingOf((stream, { effects }) => {
      const several = new Writable({
        objectMode: true,
        writev(chunks, done) {
          const messages = chunks.map(({ chunk }) => chunk as TakenMessage)
          Promise.all(messages.map((message) => effects.record(message))).then(() => done(), done)
        },
      })
      several.cork()
      stream.pipe(several)
      setTimeout(() => several.uncork(), 60_000)
    })
    const order = (line: string): string => line.split(' ')[0] ?? ''
    expect(lines.map(order)).toEqual([
      ...Array.from({ length: 3 }, () => 'handler-start'),
      ...Array.from({ length: 3 }, () => 'effect'),
      ...Array.from({ length: 3 }, () => 'handler-end'),
    ])
  })

  it('takes longer where it is slow, effects or not', async () => {
    const at = { event: 'consumer-0 process start work/0@1' }
    const slow: Fault = { kind: 'slow-handler', target: 'work/0@1', at, durationMs: 4_000 }
    const { lines, timesUs } = await handlingOf(
      (stream) => {
        stream.pipe(writer((message) => Promise.resolve(message.commit()), 1))
      },
      [slow],
    )
    const at1 = (line: string): number => timesUs[lines.indexOf(line)] ?? 0
    expect(at1('handler-end 1') - at1('handler-start 1')).toBeGreaterThanOrEqual(4_000_000)
    expect(at1('handler-end 0') - at1('handler-start 0')).toBeLessThan(1_000_000)
  })
})
