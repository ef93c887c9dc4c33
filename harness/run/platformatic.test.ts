import { existsSync } from 'node:fs'
import { Writable } from 'node:stream'
import { Producer, stringSerializers } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import { tell } from '../../properties/index.ts'
import type { Fault } from '../core/fault.ts'
import type { History, HistoryEvent } from '../core/history.ts'
import { node22, printedBy } from '../scenario/testing/other-node.ts'
import {
  commitThenProcess,
  type GroupProtocol,
  prepareStreams,
  processThenCommit,
  streamApp,
  streamHashes,
} from '../scenario/testing/platformatic.ts'
import { FAULTS } from '../scenario/testing/schedules.ts'
import { search } from '../search/search.ts'
import type { PreparedScenario } from './run.interface.ts'

const GROUPS: readonly GroupProtocol[] = ['classic', 'consumer']

async function historyOf(prepared: PreparedScenario, faults: readonly Fault[] = []): Promise<History> {
  const workload = prepared.workload('platformatic')
  const { history } = await prepared.run({ seed: 'p', workload, faults, holds: [] }, { stopAt: 'end' })
  return history
}

function handling({ events }: History): string[] {
  return events.flatMap((event) =>
    /^(handler-|effect$)/.test(event.kind) && 'offset' in event ? [`${event.kind} ${event.offset}`] : [],
  )
}

function find<Kind extends HistoryEvent['kind']>({ events }: History, kind: Kind) {
  return events.filter((event): event is Extract<HistoryEvent, { kind: Kind }> => event.kind === kind)
}

const ONE_RECORD = { topics: { work: { partitions: 1 } }, records: { work: 1 }, consumers: 1 } as const

describe('@platformatic/kafka, unmodified', () => {
  it('gives the same history for the same schedule: twice here, and in another process', async () => {
    const here = await streamHashes()
    expect(await streamHashes()).toEqual(here)
    expect(new Set(here).size).toBe(2 * FAULTS.length)
    expect(printedBy(process.execPath, 'print-stream-hashes.ts')).toEqual(here)
  })

  it.skipIf(!existsSync(node22))('and on Node 22', async () => {
    expect(printedBy(node22, 'print-stream-hashes.ts')).toEqual(await streamHashes())
  })

  it('starts no work that the simulation does not control', async () => {
    const prepared = await prepareStreams(streamApp(processThenCommit))
    const schedule = { seed: 'leaks', workload: prepared.workload('leaks'), faults: [], holds: [] }
    const { history } = await prepared.run(schedule, { watchLeaks: true })
    expect(find(history, 'effect').length).toBeGreaterThan(0)
  })

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('nor when it produces with %s', async (compression) => {
    const app = streamApp(async (stream, { brokers }) => {
      const producer = new Producer({
        clientId: 'copier',
        bootstrapBrokers: [...brokers],
        serializers: stringSerializers,
        compression,
      })
      for await (const message of stream) {
        await producer.send({ messages: [{ topic: 'copies', value: 'x'.repeat(2_000) }] })
        await message.commit()
      }
    })
    const topics = { work: { partitions: 1 }, copies: { partitions: 1 } }
    const prepared = await prepareStreams(app, { topics, records: { work: 2 }, consumers: 1 })
    const schedule = { seed: 'zip', workload: prepared.workload('zip'), faults: [], holds: [] }
    const first = await prepared.run(schedule, { watchLeaks: true })
    expect(find(first.history, 'append').filter(({ topic }) => topic === 'copies')).toHaveLength(2)
    expect((await prepared.run(schedule)).historyHash()).toBe(first.historyHash())
  })

  it('nor when it proves who it is with SCRAM', async () => {
    const sasl = { mechanism: 'SCRAM-SHA-256', username: 'alice', password: 'secret' } as const
    const app = streamApp(processThenCommit, 'classic', { sasl })
    const broker = { 'onceover.sasl.users': 'alice:secret' }
    const prepared = await prepareStreams(app, { ...ONE_RECORD, broker })
    const schedule = { seed: 'scram', workload: prepared.workload('scram'), faults: [], holds: [] }
    const { history } = await prepared.run(schedule, { watchLeaks: true })
    expect(find(history, 'effect')).toHaveLength(1)
  })

  it.each(GROUPS)('ten idle minutes of two consumers cost under 8,000 events: %s group', async (group) => {
    const records = [{ value: 'first' }, { value: 'last', atMs: 600_000 }]
    const app = streamApp(processThenCommit, group)
    const prepared = await prepareStreams(app, { records: { work: records } })
    const workload = prepared.workload('idle')
    const { stats } = await prepared.run({ seed: 'idle', workload, faults: [], holds: [] })
    expect(stats.virtualMs).toBeGreaterThanOrEqual(600_000)
    expect(stats.dispatched).toBeLessThan(8_000)
  })

  it('is the client that the report names, although kafkajs is installed beside it', async () => {
    const { client } = await prepareStreams(streamApp(processThenCommit))
    expect(client).toMatch(/^@platformatic\/kafka 2\.\d+\.\d+$/)
  })
})

describe('what the adapter sees', () => {
  it.each(GROUPS)('every partition of an assignment, and its loss: %s group', async (group) => {
    const app = streamApp(processThenCommit, group)
    const prepared = await prepareStreams(app, { consumers: 1 })
    const history = await historyOf(prepared, [
      { kind: 'join', target: 'consumer-1', at: { event: 'consumer-0 process end work/0@0' } },
    ])
    const beliefs = find(history, 'believes').map(({ process, partitions }) => [
      process,
      partitions.map(({ partition }) => partition),
    ])
    expect(beliefs[0]).toEqual(['consumer-0', [0, 1]])
    expect(
      beliefs.some(([process, partitions]) => process === 'consumer-1' && partitions?.length === 1),
    ).toBe(true)
    expect(find(history, 'believes').every(({ generation }) => generation > 0)).toBe(true)
    expect(find(history, 'revoked').map(({ process }) => process)).toContain('consumer-0')
  })

  it('an iteration of a loop, from the message to the question for the next', async () => {
    const history = await historyOf(await prepareStreams(streamApp(processThenCommit), ONE_RECORD))
    expect(handling(history)).toEqual(['handler-start 0', 'effect 0', 'handler-end 0'])
    const [committed] = find(history, 'commit').filter(({ phase }) => phase === 'acknowledged')
    const [end] = find(history, 'handler-end')
    expect(committed?.seq).toBeLessThan(end?.seq ?? 0)
  })

  it('a loop that is left, as a failure of the message in its hands', async () => {
    const leaves = streamApp(async (stream) => {
      for await (const message of stream) {
        await message.commit()
        if (message.offset === 0n) break
      }
    })
    const history = await historyOf(await prepareStreams(leaves, ONE_RECORD))
    expect(handling(history)).toEqual(['handler-start 0', 'handler-failure 0'])
  })

  it('a listener, until the promise that it returned settles; off() takes it away', async () => {
    const listens = streamApp((stream, { effects }) => {
      const never = (): never => process.exit(9)
      stream.on('data', never)
      stream.off('data', never)
      stream.once('data', never)
      stream.off('data', never)
      stream.on('data', async (message) => {
        await effects.record(message)
        await message.commit()
      })
    })
    const history = await historyOf(await prepareStreams(listens, ONE_RECORD))
    expect(handling(history)).toEqual(['handler-start 0', 'effect 0', 'handler-end 0'])
  })

  it("the app's own pauses, and not those of Node and the client", async () => {
    const app = streamApp(async (stream) => {
      let seen = 0
      const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
      stream.on('data', async (message) => {
        seen += 1
        if (seen === 1) {
          stream.pause()
          stream.pause()
          await wait(50)
          stream.resume()
        }
        if (seen === 3) stream.pause()
        await message.commit()
      })
    })
    const prepared = await prepareStreams(app, {
      topics: { work: { partitions: 1 } },
      records: { work: 4 },
      consumers: 1,
    })
    const { history, verdict } = await prepared.run(
      { seed: 'p', workload: prepared.workload('p'), faults: [], holds: [] },
      { stopAt: 'end' },
    )
    const pauses = history.events.filter(({ kind }) => /^consumer-(paused|resumed)$/.test(kind))
    expect(pauses).toMatchObject([
      { kind: 'consumer-paused', partitions: [{ topic: 'work', partition: 0 }] },
      { kind: 'consumer-resumed', partitions: [{ topic: 'work', partition: 0 }] },
      { kind: 'consumer-paused', partitions: [{ topic: 'work', partition: 0 }] },
    ])
    const [stuck] = verdict.violations
    if (stuck === undefined) throw new Error('nothing is found')
    expect(tell(history, stuck).sentence).toBe(
      'work/0 is stuck behind @2: consumer-0 has paused work/0 since 3.1 s, and nothing resumes it.',
    )
  })

  it('that Node lets a stream flow that the app had paused', async () => {
    const app = streamApp((stream) => {
      let seen = 0
      const slow = new Writable({
        objectMode: true,
        highWaterMark: 1,
        write(message: { commit(): unknown }, _encoding, done) {
          seen += 1
          if (seen === 1) stream.pause()
          setTimeout(async () => {
            await message.commit()
            done()
          }, 10)
        },
      })
      stream.pipe(slow)
    })
    const prepared = await prepareStreams(app, { ...ONE_RECORD, records: { work: 3 } })
    const history = await historyOf(prepared)
    expect(
      history.events.map(({ kind }) => kind).filter((kind) => /^consumer-(pau|resu)/.test(kind)),
    ).toEqual(['consumer-paused', 'consumer-resumed'])
  })

  it('once: one message, one start', async () => {
    const once = streamApp((stream) => {
      stream.once('data', (message) => message.commit())
    })
    expect(handling(await historyOf(await prepareStreams(once, ONE_RECORD)))).toEqual([
      'handler-start 0',
      'effect 0',
      'handler-end 0',
    ])
  })

  it('a slow handler is handed its message late, where handlers are the effects', async () => {
    const handles = streamApp(async (stream) => {
      for await (const message of stream) await message.commit()
    })
    const history = await historyOf(await prepareStreams(handles, ONE_RECORD), [
      {
        kind: 'slow-handler',
        target: 'work/0@0',
        at: { event: 'consumer-0 process start work/0@0' },
        durationMs: 4_000,
      },
    ])
    const [start] = find(history, 'handler-start')
    const [end] = find(history, 'handler-end')
    expect((end?.timeUs ?? 0) - (start?.timeUs ?? 0)).toBeGreaterThanOrEqual(4_000_000)
  })

  it('handler errors are not possible: searches do without, and a schedule that has one says so', async () => {
    const prepared = await prepareStreams(streamApp(processThenCommit), ONE_RECORD)
    expect(prepared.faultKinds).toContain('effect-error')
    expect(prepared.faultKinds).not.toContain('handler-error')
    const at = { event: 'consumer-0 process start work/0@0' }
    const fault = { kind: 'handler-error' as const, target: 'work/0@0', at, times: 'once' as const }
    const { skipped } = await prepared.run({
      seed: 's',
      workload: prepared.workload('s'),
      faults: [fault],
      holds: [],
    })
    expect(skipped).toEqual([
      { index: 0, kind: 'handler-error', reason: expect.stringContaining('use effect-error') as string },
    ])
  })
})

it('a member that died in the middle of a join is waited for: sessions of 60 s, one after the other', async () => {
  const prepared = await prepareStreams(streamApp(processThenCommit), ONE_RECORD)
  const crash = (event: string): Fault => ({
    kind: 'crash',
    target: 'consumer-0',
    at: { event },
    restartMs: 100,
  })
  const faults = [crash('consumer-0 effect work/0@0'), crash('consumer-0 JoinGroup#4 sent')]
  const workload = prepared.workload('ghosts')
  const { verdict, stats } = await prepared.run({ seed: 'ghosts', workload, faults, holds: [] })
  expect(verdict.violations).toEqual([])
  expect(stats.virtualMs).toBeGreaterThan(120_000)
})

describe('a search', () => {
  it('finds nothing in 40 schedules of a consumer that processes and then commits', async () => {
    // New partitions are noticed by no group of this client that is not of the consumer protocol.
    const faults = [
      'crash',
      'pause',
      'network',
      'broker',
      'handler',
      'store',
      'join',
      'leave',
      'graceful-restart',
    ] as const
    const prepared = await prepareStreams(streamApp(processThenCommit), { faults })
    const outcome = await search(prepared, { seed: '1', runs: 40, strategy: 'portfolio' })
    expect(outcome).toMatchObject({ outcome: 'held', runs: 40 })
    expect(outcome.coverage.never.filter((sentence) => sentence.includes('was skipped'))).toEqual([
      expect.stringMatching(/^handler-error was skipped: nothing can be thrown into a loop/) as string,
    ])
  })

  it('finds a consumer that commits and then processes, and a crash in between is enough', async () => {
    const prepared = await prepareStreams(streamApp(commitThenProcess))
    const outcome = await search(prepared, { seed: '1', runs: 500, strategy: 'portfolio' })
    if (outcome.outcome !== 'violated') throw new Error(`the outcome is ${outcome.outcome}`)
    expect(['lost-record', 'commit-ahead']).toContain(outcome.finding.property)
    const { schedule, oneMinimal, repeatable } = outcome.shrunk
    expect({ oneMinimal, repeatable }).toEqual({ oneMinimal: true, repeatable: true })
    expect(schedule.workload).toMatchObject({ consumers: 1, topics: { work: { partitions: 1 } } })
    expect(schedule.workload.records).toHaveLength(1)
    expect(schedule.faults).toHaveLength(1)
  })
})
