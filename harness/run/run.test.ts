import { describe, expect, it } from 'vitest'
import { atLeastOnce, exactlyOnce } from '../../properties/index.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { reportingConsumer } from '../scenario/testing/consumers.ts'
import type { PreparedScenario } from './run.interface.ts'

const base: Scenario = {
  name: 'work',
  topics: { work: { partitions: 1 } },
  records: { work: 5 },
  consumers: 1,
  app: reportingConsumer,
  guarantee: atLeastOnce(),
}

function prepare(change: Partial<Scenario>): Promise<PreparedScenario> {
  return prepareScenario({ ...base, ...change }, { file: import.meta.filename })
}

async function calm(prepared: PreparedScenario, seed = '1'): ReturnType<PreparedScenario['run']> {
  return prepared.run({ seed, workload: prepared.workload(seed), faults: [], holds: [] }, { stopAt: 'end' })
}

describe('a run', () => {
  it('keeps offsets beyond 2^53 whole, from the log to the commit', async () => {
    const { history, verdict } = await calm(
      await prepare({ topics: { work: { partitions: 1, startOffset: '9007199254740993' } } }),
    )
    expect(verdict.verdict).toBe('held')
    const effects = history.events.filter((event) => event.kind === 'effect')
    expect(effects.map(({ offset }) => offset)).toEqual(
      [0n, 1n, 2n, 3n, 4n].map((index) => 9007199254740993n + index),
    )
    const commits = history.events.filter((event) => event.kind === 'commit' && event.phase === 'applied')
    expect(commits.at(-1)).toMatchObject({ offset: 9007199254740998n })
  })

  it("gives the app's processes the scenario's variables, on top of the real ones", async () => {
    const seen: string[] = []
    const app = async (context: AppContext): Promise<void> => {
      const { GROUP_OF_THE_APP, PATH } = process.env
      seen.push(`${context.instance} ${GROUP_OF_THE_APP} ${PATH === path}`)
      await reportingConsumer(context)
    }
    const path = process.env['PATH']
    await calm(await prepare({ app, consumers: 2, env: { GROUP_OF_THE_APP: 'payments' } }))
    // A first run finds out what the app consumes.
    const once = ['consumer-0 payments true', 'consumer-1 payments true']
    expect(seen).toEqual([...once, ...once])
    expect(process.env['GROUP_OF_THE_APP']).toBeUndefined()
  })

  it('survives chunk borders anywhere', async () => {
    const prepared = await prepare({})
    let cut = 0
    for (let seed = 0; seed < 60; seed += 1) {
      const { verdict, stats } = await calm(prepared, String(seed))
      expect(verdict.verdict).toBe('held')
      if (stats.dispatched > 100) cut += 1
    }
    expect(cut).toBeGreaterThan(0)
  })

  it('knows the topics that a pattern finds, and judges them', async () => {
    const app = async (context: AppContext): Promise<void> => {
      const { Kafka, logLevel } = await import('kafkajs')
      const kafka = new Kafka({ brokers: context.brokers, logLevel: logLevel.NOTHING })
      const consumer = kafka.consumer({ groupId: 'workers' })
      await consumer.connect()
      await consumer.subscribe({ topics: [/^work/], fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ topic, partition, message }) => {
          // Of the topic that only the pattern knows, the second record is passed over.
          if (topic === 'work-late' && message.offset === '1') return
          await context.effects.record({ topic, partition, offset: message.offset })
        },
      })
    }
    const prepared = await prepare({
      app,
      topics: { work: { partitions: 1 }, 'work-late': { partitions: 1 }, other: { partitions: 1 } },
      records: { work: 2, 'work-late': 3, other: 1 },
    })
    expect(prepared.consumed).toEqual(['work', 'work-late'])
    const { history, verdict } = await calm(prepared)
    const started = history.events.find((event) => event.kind === 'consumer-started')
    expect(started).toMatchObject({ topics: ['work', 'work-late'] })
    expect(verdict.violations.map(({ message }) => message)).toContain(
      'work-late/0@1 was never processed: consumer-0 had committed offset 3',
    )
  })

  it('ends where the guarantee is broken; told to go on, it does', async () => {
    const app = async (context: AppContext): Promise<void> => {
      const { Kafka, logLevel } = await import('kafkajs')
      const consumer = new Kafka({ brokers: context.brokers, logLevel: logLevel.NOTHING }).consumer({
        groupId: 'g',
      })
      await consumer.connect()
      await consumer.subscribe({ topics: ['work'], fromBeginning: true })
      await consumer.run({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => {
          await consumer.commitOffsets([{ topic, partition, offset: '5' }])
          await context.effects.record({ topic, partition, offset: message.offset })
        },
      })
    }
    const prepared = await prepare({ app })
    const schedule = { seed: '1', workload: prepared.workload('1'), faults: [], holds: [] }
    const kindsOf = async (stopAt?: 'end' | 'duplicate-effect'): Promise<readonly string[]> => {
      const { history, verdict } = await prepared.run(schedule, stopAt === undefined ? {} : { stopAt })
      expect(verdict.violations.map(({ property }) => property)).toContain('commit-ahead')
      return history.events.map((event) => (event.kind === 'phase' ? event.phase : event.kind))
    }
    const stopped = await kindsOf()
    expect(stopped.slice(-2)).toContain('commit')
    expect(stopped).not.toContain('effect')
    expect((await kindsOf('end')).at(-1)).toBe('end')
    expect((await kindsOf('duplicate-effect')).at(-1)).toBe('end')
  })

  it('ends when all is done, and does not wait for its deadline', async () => {
    const { stats, history } = await calm(await prepare({}))
    expect(history.events.filter(({ kind }) => kind === 'effect')).toHaveLength(5)
    expect(history.events.map(({ kind }) => kind)).not.toContain('drain-deadline')
    expect(stats.virtualMs).toBeLessThan(100_000)
  })

  it('reads gzip, with headers', async () => {
    const app = async (context: AppContext): Promise<void> => {
      const { CompressionTypes, Kafka, logLevel } = await import('kafkajs')
      const kafka = new Kafka({ brokers: context.brokers, logLevel: logLevel.NOTHING })
      const producer = kafka.producer({ idempotent: true })
      await producer.connect()
      await producer.send({
        topic: 'work',
        compression: CompressionTypes.GZIP,
        messages: [{ value: 'packed', headers: { h: 'x' } }],
      })
      const consumer = kafka.consumer({ groupId: 'g' })
      await consumer.connect()
      await consumer.subscribe({ topics: ['work'], fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ topic, partition, message }) => {
          const label = `${String(message.value)} ${String(message.headers?.['h'])}`
          await context.effects.record({ topic, partition, offset: message.offset }, label)
        },
      })
    }
    const { history } = await calm(await prepare({ app, records: { work: 1 } }))
    const labels = history.events.flatMap((event) => (event.kind === 'effect' ? [event.label] : []))
    expect(labels).toContain('packed x')
  })

  it('judges by handlers where the app reports no effects', async () => {
    const app = async ({ brokers }: AppContext): Promise<void> => {
      const { Kafka, logLevel } = await import('kafkajs')
      const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: 'g' })
      await consumer.connect()
      await consumer.subscribe({ topics: ['work'], fromBeginning: true })
      await consumer.run({ eachMessage: async () => {} })
    }
    const { history, verdict } = await calm(await prepare({ app }))
    expect(verdict.verdict).toBe('held')
    expect(history.events.filter((event) => event.kind === 'effect').map(({ via }) => via)).toEqual(
      Array(5).fill('handler'),
    )
  })
})

describe('a cluster that does not keep everything', () => {
  const late = async ({ brokers, instance }: AppContext): Promise<void> => {
    const { Kafka, logLevel } = await import('kafkajs')
    await new Promise((resolve) => setTimeout(resolve, 60_000))
    const consumer = new Kafka({ brokers, clientId: instance, logLevel: logLevel.NOTHING }).consumer({
      groupId: 'g',
    })
    await consumer.connect()
    await consumer.subscribe({ topics: ['work'], fromBeginning: true })
    await consumer.run({ eachMessage: async () => {} })
  }
  const read = (history: { readonly events: readonly { readonly kind: string }[] }): bigint[] =>
    history.events.flatMap((event) =>
      event.kind === 'effect' ? [(event as unknown as { offset: bigint }).offset] : [],
    )

  it("L10: who comes late misses what retention took, and that is nobody's loss", async () => {
    const records = { work: [{ value: 'old' }, { value: 'new', atMs: 50_000 }] }
    const configs = { 'retention.ms': '20000' }
    const prepared = await prepare({ app: late, topics: { work: { partitions: 1, configs } }, records })
    const { history, verdict, stats } = await calm(prepared)
    expect(history.events).toContainEqual(
      expect.objectContaining({ kind: 'log-start', topic: 'work', offset: 1n, reason: 'retention.ms' }),
    )
    expect(read(history)).toEqual([1n])
    expect(verdict.verdict).toBe('held')
    expect(stats.virtualMs).toBeLessThan(200_000)
  })

  it('L10: compaction leaves holes, which kafkajs reads over', async () => {
    const key = 'k'
    const records = {
      work: [
        { key, value: 'a' },
        { key: 'other', value: 'b' },
        { key, value: 'c' },
        { key, value: 'd', atMs: 20_000 },
        { key, value: 'e', atMs: 40_000 },
      ],
    }
    const configs = {
      'cleanup.policy': 'compact',
      'segment.ms': '10000',
      'min.cleanable.dirty.ratio': '0.01',
    }
    const prepared = await prepare({ app: late, topics: { work: { partitions: 1, configs } }, records })
    const { history, verdict } = await calm(prepared)
    expect(read(history)).toEqual([1n, 3n, 4n])
    expect(verdict.verdict).toBe('held')
  })

  it('names a configuration that topics do not have', async () => {
    const topics = { work: { partitions: 1, configs: { 'retention.mss': '1' } } }
    await expect(prepare({ topics })).rejects.toThrow('Unknown topic config name: retention.mss')
  })
})

describe('the store', () => {
  const counting = async (context: AppContext): Promise<void> => {
    const { Kafka, logLevel } = await import('kafkajs')
    const consumer = new Kafka({ brokers: context.brokers, logLevel: logLevel.NOTHING }).consumer({
      groupId: 'g',
    })
    consumer.on(consumer.events.CRASH, ({ payload }) => void (payload.restart || process.exit(1)))
    await consumer.connect()
    await consumer.subscribe({ topics: ['work'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message: { offset } }) => {
        await context.store.transaction(async (tx) => {
          const key = `${partition}@${offset}`
          if ((await tx.get('done', key)) !== undefined) return
          await tx.put('done', key, true)
          tx.effect({ topic, partition, offset })
        })
      },
    })
  }

  it('survives crashes: effect and deduplication in one transaction are exactly once', async () => {
    const prepared = await prepare({ app: counting, guarantee: exactlyOnce() })
    const workload = prepared.workload('1')
    for (const event of [
      'consumer-0 effect work/0@2',
      'consumer-0 process start work/0@2',
      'consumer-0 process end work/0@2',
    ]) {
      const crash = { kind: 'crash' as const, target: 'consumer-0', at: { event }, restartMs: 500 }
      const { verdict, skipped, history } = await prepared.run({
        seed: '1',
        workload,
        faults: [crash],
        holds: [],
      })
      expect(skipped).toEqual([])
      expect(verdict.verdict).toBe('held')
      expect(history.events.filter(({ kind }) => kind === 'effect')).toHaveLength(5)
    }
  })

  it('refuses a transaction whose reads have changed, writes nothing, and may lose its answer', async () => {
    const seen: unknown[] = []
    const app = async (context: AppContext): Promise<void> => {
      const { store } = context
      const add = (): Promise<void> =>
        store.transaction(async (tx) => {
          const count = ((await tx.get('counters', 'n')) as number | undefined) ?? 0
          await tx.put('counters', 'n', count + 1)
        })
      const settled = await Promise.allSettled([add(), add()])
      seen.push(
        settled.map((each) => (each.status === 'rejected' ? (each.reason as { code: string }).code : 'done')),
      )
      seen.push(await store.transaction((tx) => tx.get('counters', 'n')))
      await reportingConsumer(context)
    }
    await prepare({ app })
    expect(seen.slice(0, 2)).toEqual([['CONFLICT', 'done'], 1])
  })
})
