import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { Fault } from '../core/fault.ts'
import type { History, HistoryEvent } from '../core/history.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import { Consumer, type ConsumerSettings, type RebalanceListener } from '../poll-loop/index.ts'
import { keyOf } from '../poll-loop/partition.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { FAULTS } from '../scenario/testing/schedules.ts'
import type { PreparedScenario } from './run.interface.ts'

/** The callbacks and exceptions that the app wrote down, in the order of the run. */
let log: string[] = []

function consumerOf(context: AppContext, settings: ConsumerSettings = {}): Consumer {
  return new Consumer({
    'bootstrap.servers': context.brokers,
    'group.id': 'workers',
    'auto.offset.reset': 'earliest',
    'enable.auto.commit': false,
    ...settings,
  })
}

function noting({ instance }: AppContext): RebalanceListener {
  const note = (what: string) => (partitions: readonly { topic: string; partition: number }[]) =>
    void log.push(`${instance} ${what} ${partitions.map(keyOf).join(' ')}`)
  return { assigned: note('assigned'), revoked: note('revoked'), lost: note('lost') }
}

async function processThenCommit(context: AppContext, settings: ConsumerSettings = {}): Promise<void> {
  const consumer = consumerOf(context, settings)
  consumer.subscribe(['work'], noting(context))
  let ending = false
  process.once('SIGTERM', () => {
    ending = true
    consumer.wakeup()
  })
  while (!ending) {
    try {
      const records = await consumer.poll(1_000)
      for (const record of records) await context.effects.record(record, 'done')
      if (!records.isEmpty) await consumer.commitSync()
    } catch (error) {
      log.push(`${context.instance} ${(error as Error).name}`)
      if (!/Wakeup|CommitFailed|Rebalance/.test((error as Error).name)) throw error
    }
  }
  await consumer.close()
  process.exit(0)
}

async function prepare(app: Scenario['app'], more: Partial<Scenario> = {}): Promise<PreparedScenario> {
  const scenario: Scenario = {
    name: 'work',
    topics: { work: { partitions: 2 } },
    records: { work: 8 },
    consumers: 2,
    app,
    guarantee: atLeastOnce(),
    ...more,
  }
  const prepared = await prepareScenario(scenario, { file: import.meta.filename })
  log = []
  return prepared
}

async function historyOf(prepared: PreparedScenario, faults: readonly Fault[] = []): Promise<History> {
  const workload = prepared.workload('poll loop')
  const { history } = await prepared.run({ seed: 'p', workload, faults, holds: [] }, { stopAt: 'end' })
  return history
}

function find<Kind extends HistoryEvent['kind']>({ events }: History, kind: Kind) {
  return events.filter((event): event is Extract<HistoryEvent, { kind: Kind }> => event.kind === kind)
}

const ONE = { topics: { work: { partitions: 1 } }, records: { work: 2 }, consumers: 1 } as const
const JOIN: Fault = {
  kind: 'join',
  target: 'consumer-1',
  at: { event: 'consumer-0 process end work/0@0' },
}

describe('the poll loop in a simulation', () => {
  it('sleeps while it has to join again and no coordinator answers', async () => {
    const prepared = await prepare(() => {}, {
      ...ONE,
      topics: { work: { partitions: 1 }, 'work.retry': { partitions: 1 } },
      app: async (context) => {
        const consumer = consumerOf(context)
        consumer.subscribe(['work', 'work.retry'])
        for (;;) {
          const records = await consumer.poll(1_000)
          for (const record of records) await context.effects.record(record, 'done')
          if (!records.isEmpty) await consumer.commitSync().catch(() => {})
        }
      },
    })
    const added: Fault = {
      kind: 'partitions-added',
      target: 'work.retry',
      count: 1,
      at: { event: 'consumer-0 process end work/0@1' },
    }
    const cut: Fault = {
      kind: 'link-cut',
      target: 'consumer-0>broker-0',
      durationMs: 35_000,
      at: { event: 'consumer-0 Fetch#3 sent' },
    }
    const history = await historyOf(prepared, [added, cut])
    expect(find(history, 'fault').filter(({ phase }) => phase !== 'ends')).toHaveLength(2)
    expect(find(history, 'generation').length).toBeGreaterThan(1)
  })

  it('gives the same history for the same schedule, and starts nothing that is not controlled', async () => {
    const prepared = await prepare((context) => processThenCommit(context))
    const workload = prepared.workload('hashes')
    const hashes: string[] = []
    for (const faults of [...FAULTS, ...FAULTS]) {
      const schedule = { seed: 'hashes', workload, faults, holds: [] }
      hashes.push((await prepared.run(schedule, { watchLeaks: true })).historyHash())
    }
    expect(hashes.slice(FAULTS.length)).toEqual(hashes.slice(0, FAULTS.length))
    expect(new Set(hashes).size).toBe(FAULTS.length)
    expect(prepared.client).toBe('onceover/poll-loop 4.1')
  })

  it('reads everything once, commits it, and ends on SIGTERM without a trace', async () => {
    const prepared = await prepare((context) => processThenCommit(context))
    const history = await historyOf(prepared, [
      { kind: 'graceful-restart', target: 'consumer-0', at: { atMs: 60_000 }, restartMs: 100 },
    ])
    expect(find(history, 'effect')).toHaveLength(8)
    expect(find(history, 'process-exited').map(({ code }) => code)).toEqual([0])
    expect(find(history, 'member-removed').map(({ reason }) => reason)).toEqual(['left'])
    expect(find(history, 'handler-failure')).toEqual([])
  })

  it('an eager rebalance takes all, a cooperative one what moves', async () => {
    const one = {
      consumers: 1,
      records: {
        work: [
          { value: 'first', partition: 0 },
          { value: 'last', partition: 0, atMs: 60_000 },
        ],
      },
    }
    await historyOf(await prepare((context) => processThenCommit(context), one), [JOIN])
    /** Counts of partitions: which of the two gets which depends on their member ids. */
    const told = (instance: string): string[] =>
      log.flatMap((line) => {
        const [who, what, ...partitions] = line.trim().split(' ')
        return who === instance ? [`${what} ${partitions.length}`] : []
      })
    expect(told('consumer-0')).toEqual(['assigned 2', 'revoked 2', 'assigned 1'])
    expect(told('consumer-1')).toEqual(['assigned 1'])

    const settings = { 'partition.assignment.strategy': 'cooperative-sticky' }
    const app = (context: AppContext): Promise<void> => processThenCommit(context, settings)
    await historyOf(await prepare(app, one), [JOIN])
    expect(told('consumer-0')).toEqual(['assigned 2', 'revoked 1', 'assigned 0', 'assigned 0'])
    expect(told('consumer-1')).toEqual(['assigned 0', 'assigned 1'])
  })

  it('in a group of KIP-848 the broker moves one partition, and the member gives it up first', async () => {
    const settings = { 'group.protocol': 'consumer' }
    const app = (context: AppContext): Promise<void> => processThenCommit(context, settings)
    const one = {
      consumers: 1,
      records: { work: [0, 60_000].map((atMs) => ({ value: `at ${atMs}`, partition: 0, atMs })) },
    }
    const history = await historyOf(await prepare(app, one), [JOIN])
    const told = log.map((line) => line.replace(/work-\d/g, 'one'))
    expect(told).toEqual([
      'consumer-0 assigned one one',
      'consumer-1 assigned ',
      'consumer-0 revoked one',
      'consumer-0 assigned ',
      'consumer-1 assigned one',
    ])
    expect(find(history, 'generation').every(({ protocol }) => protocol === 'consumer')).toBe(true)
    expect(find(history, 'effect')).toHaveLength(2)
  })

  it('heartbeats by itself, and leaves when poll is not called for max.poll.interval.ms', async () => {
    const slow = async (context: AppContext): Promise<void> => {
      const settings = { 'max.poll.interval.ms': 20_000, 'session.timeout.ms': 10_000 }
      const consumer = consumerOf(context, settings)
      consumer.subscribe(['work'], noting(context))
      for (;;) {
        const records = await consumer.poll(1_000)
        for (const record of records) {
          await context.effects.record(record)
          await new Promise((resolve) => setTimeout(resolve, record.offset === 0n ? 15_000 : 30_000))
        }
        if (!records.isEmpty) await consumer.commitSync().catch((error: Error) => log.push(error.name))
      }
    }
    const prepared = await prepare(slow, { ...ONE, records: { work: 2 } })
    const history = await historyOf(prepared, [])
    expect(find(history, 'member-removed')[0]?.reason).toBe('left')
    const after = find(history, 'handler-start')[1]
    expect(find(history, 'member-removed')[0]?.seq).toBeGreaterThan(after?.seq ?? Number.POSITIVE_INFINITY)
    expect(log.slice(0, 4)).toEqual([
      'consumer-0 assigned work-0',
      'CommitFailedException',
      'consumer-0 lost work-0',
      'consumer-0 assigned work-0',
    ])
  })

  it('auto commit commits inside poll what the poll before has returned', async () => {
    const app = async (context: AppContext): Promise<void> => {
      const settings = { 'enable.auto.commit': true, 'auto.commit.interval.ms': 100, 'max.poll.records': 1 }
      const consumer = consumerOf(context, settings)
      consumer.subscribe(['work'])
      for (;;) {
        for (const record of await consumer.poll(1_000)) {
          await context.effects.record(record)
          await new Promise((resolve) => setTimeout(resolve, 500))
        }
      }
    }
    const history = await historyOf(await prepare(app, ONE))
    const commits = find(history, 'commit').filter(({ phase }) => phase === 'applied')
    const starts = find(history, 'handler-start')
    expect(commits.map(({ offset }) => offset).slice(0, 2)).toEqual([1n, 2n])
    const [first] = commits
    expect(first?.timeUs).toBeGreaterThan((starts[0]?.timeUs ?? 0) + 500_000)
  })

  it('auto commit counts its interval from the join, and commits soon again what was refused for now', async () => {
    const app = async (context: AppContext): Promise<void> => {
      const consumer = consumerOf(context, { 'enable.auto.commit': true, 'auto.commit.interval.ms': 10_000 })
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      consumer.subscribe(['work'])
      for (;;) for (const record of await consumer.poll(50)) await context.effects.record(record)
    }
    const prepared = await prepare(app, { ...ONE, records: { work: [{ value: 'early', atMs: 0 }] } })
    const commitMs = async (faults: readonly Fault[]): Promise<number> => {
      const history = await historyOf(prepared, faults)
      const [commit] = find(history, 'commit').filter(({ phase }) => phase === 'applied')
      const [start] = find(history, 'handler-start')
      return ((commit?.timeUs ?? 0) - (start?.timeUs ?? 0)) / 1_000
    }
    const orderly = await commitMs([])
    expect(orderly).toBeGreaterThan(9_500)
    expect(orderly).toBeLessThan(10_500)
    const refused: Fault = {
      kind: 'request-error',
      target: 'consumer-0 OffsetCommit#1',
      at: { event: 'consumer-0 OffsetCommit#1 sent' },
      error: 'COORDINATOR_LOAD_IN_PROGRESS',
    }
    const later = await commitMs([refused])
    expect(later).toBeGreaterThan(orderly)
    expect(later).toBeLessThan(12_000)
  })

  it('reads on where it is when a broker does not know its epoch', async () => {
    const early = { ...ONE, records: { work: [{ value: 'early', atMs: 0 }] } }
    const prepared = await prepare((context) => processThenCommit(context), early)
    const down = (event: string): Fault => ({
      kind: 'broker-down',
      target: 'broker-0',
      at: { event: `consumer-0 ${event} sent` },
      durationMs: 100,
    })
    const history = await historyOf(prepared, [down('ApiVersions#1'), down('Fetch#1')])
    expect(find(history, 'effect').map(({ offset }) => offset)).toEqual([0n])
  })

  it('a process that dies is one whose session expires', async () => {
    const prepared = await prepare((context) => processThenCommit(context))
    const history = await historyOf(prepared, [
      {
        kind: 'crash',
        target: 'consumer-0',
        at: { event: 'consumer-0 SyncGroup#1 acknowledged' },
        restartMs: 120_000,
      },
    ])
    expect(find(history, 'member-removed')[0]).toMatchObject({ reason: 'session-expired' })
    expect(
      new Set(find(history, 'effect').map(({ partition, offset }) => `${partition}@${offset}`)).size,
    ).toBe(8)
  })
})
