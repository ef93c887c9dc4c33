import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { Fault } from '../core/fault.ts'
import type { EventOf, ObservationKind } from '../core/history.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { reportingConsumer } from '../scenario/testing/consumers.ts'
import type { PreparedScenario, RunResult } from './run.interface.ts'

const base: Scenario = {
  name: 'unusual',
  topics: { work: { partitions: 1 } },
  records: { work: 5 },
  consumers: 1,
  app: reportingConsumer,
  guarantee: atLeastOnce(),
}

function prepare(change: Partial<Scenario>): Promise<PreparedScenario> {
  return prepareScenario({ ...base, ...change }, { file: import.meta.filename })
}

function play(prepared: PreparedScenario, ...faults: readonly Fault[]): Promise<RunResult> {
  return prepared.run({ seed: '1', workload: prepared.workload('1'), faults, holds: [] }, { stopAt: 'end' })
}

function all<Kind extends ObservationKind>({ history }: RunResult, kind: Kind): EventOf<Kind>[] {
  return history.events.filter((event): event is EventOf<Kind> => event.kind === kind)
}

function clientOf({ instance, brokers }: AppContext): Kafka {
  return new Kafka({ clientId: instance, brokers, logLevel: logLevel.NOTHING })
}

describe('records that a fault appends', () => {
  const added: Fault = {
    kind: 'partitions-added',
    target: 'work',
    at: { event: 'consumer-0 effect work/0@2' },
    count: 1,
  }

  it('have value and headers of the scenario, and no key that belongs to another partition', async () => {
    const records = Array.from({ length: 4 }, (_, n) => ({
      key: 'k',
      value: `${n}`,
      headers: { type: 'paid' },
    }))
    const run = await play(await prepare({ records: { work: records } }), added)
    expect(all(run, 'append').at(-1)).toMatchObject({ partition: 1, offset: 0n, key: null, value: '3' })
    expect(all(run, 'append')).toHaveLength(4)
    expect(run.verdict.verdict).toBe('held')
  })

  it('come in the drain where the fault never strikes', async () => {
    const never = { ...added, at: { event: 'consumer-9 effect work/0@2' } }
    const run = await play(await prepare({}), never)
    expect(all(run, 'append').map(({ partition }) => partition)).toEqual([0, 0, 0, 0, 0])
    expect(run.verdict.verdict).toBe('held')
  })
})

describe('a batch that an app resolves itself', () => {
  it('is done as far as it was resolved', async () => {
    const app = async (context: AppContext): Promise<void> => {
      const consumer = clientOf(context).consumer({ groupId: 'work-group' })
      await consumer.connect()
      await consumer.subscribe({ topics: ['work'], fromBeginning: true })
      await consumer.run({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset }) => {
          for (const { offset } of batch.messages.slice(0, 2)) resolveOffset(offset)
        },
      })
    }
    const run = await play(await prepare({ app }))
    expect(all(run, 'effect').map(({ offset }) => offset)).toEqual([0n, 1n, 2n, 3n, 4n])
    expect(run.verdict.verdict).toBe('held')
  })
})

describe('an app that subscribes late', () => {
  it('is waited for, and judged by the topic that has records', async () => {
    const app = async (context: AppContext): Promise<void> => {
      const kafka = clientOf(context)
      const settings = kafka.consumer({ groupId: 'settings' })
      await settings.connect()
      await settings.subscribe({ topics: ['settings'], fromBeginning: true })
      await settings.run({ eachMessage: async () => {} })
      await new Promise((resolve) => setTimeout(resolve, 20_000))
      await reportingConsumer(context)
    }
    const prepared = await prepare({ app, topics: { ...base.topics, settings: { partitions: 1 } } })
    expect(prepared.consumed).toEqual(['settings', 'work'])
    const run = await play(prepared)
    expect(all(run, 'effect')).toHaveLength(5)
    expect(run.verdict.verdict).toBe('held')
  })
})

describe('a process that takes a new group at each start', () => {
  const broadcast = (context: AppContext): Promise<void> => start(context, `prices-${context.incarnation}`)
  const crash: Fault = {
    kind: 'crash',
    target: 'consumer-0',
    at: { event: 'consumer-0 effect work/0@1' },
    restartMs: 1_000,
  }

  async function start(context: AppContext, groupId: string): Promise<void> {
    const consumer = clientOf(context).consumer({ groupId })
    await consumer.connect()
    await consumer.subscribe({ topics: ['work'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message: { offset } }) => {
        await context.effects.record({ topic, partition, offset })
      },
    })
  }

  it('has given the one before up: what that one left undone is not lost', async () => {
    const run = await play(await prepare({ app: broadcast }), crash)
    expect(run.verdict.verdict).toBe('held')
    expect(all(run, 'drain-deadline')).toEqual([])
  })
})
