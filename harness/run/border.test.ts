import net from 'node:net'
import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import { RunStopped, UsageError } from '../core/errors.ts'
import type { AppContext } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { reportingConsumer } from '../scenario/testing/consumers.ts'
import type { RunOptions } from './run.interface.ts'

/** Node's own, as code has it that kept it from before the simulation. */
const { setTimeout: early } = globalThis

type BorderWork = (context: AppContext, offset: string) => unknown

/** A consumer that does this for each record, and reports its effect. */
function doing(work: BorderWork): (context: AppContext) => Promise<void> {
  return async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: [...context.brokers],
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'g' })
    await consumer.connect()
    await consumer.subscribe({ topics: ['work'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message: { offset } }) => {
        await work(context, offset)
        await context.effects.record({ topic, partition, offset })
      },
    })
  }
}

async function endOf(
  app: (context: AppContext) => unknown,
  options: RunOptions = {},
): Promise<UsageError | string> {
  try {
    const scenario = {
      name: 'border',
      topics: { work: { partitions: 1 } },
      records: { work: 3 },
      consumers: 1,
      guarantee: atLeastOnce(),
      app: app as (context: AppContext) => Promise<void>,
    }
    const prepared = await prepareScenario(scenario, { file: import.meta.filename })
    const schedule = { seed: '1', workload: prepared.workload('1'), faults: [], holds: [] }
    return (await prepared.run(schedule, options)).verdict.verdict
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
}

const swallow = async (work: () => unknown): Promise<void> => {
  try {
    await work()
  } catch {
    // As code does that can live without it.
  }
}
const insert = (): Promise<void> =>
  new Promise((resolve, reject) => {
    net.connect(5432, 'db.example').on('error', reject).on('connect', resolve)
  })

describe('what is outside of a scenario is never a verdict', () => {
  it.each<[string, BorderWork]>([
    ['thrown in a handler', insert],
    ['caught in a handler', () => swallow(insert)],
    ['that nobody waits for', () => void swallow(insert)],
    ['only for the last record', (_context, offset) => (offset === '2' ? swallow(insert) : null)],
  ])('a connection to a database, %s', async (_when, work) => {
    const end = await endOf(doing(work))
    expect(end).toMatchObject({ code: 'unsupported-in-simulation' })
    expect(String(end)).toMatch(/consumer-0 connects to db\.example:5432.*, whose hosts are broker-0:9092; /)
  })

  it('before it consumes anything', async () => {
    const end = await endOf(async (context) => {
      await swallow(() => fetch('http://config.example/settings'))
      await reportingConsumer(context)
    })
    expect(String(end)).toContain('consumer-0 calls fetch for http://config.example/settings')
  })

  it.each(['localhost:9092', 'kafka.internal:9094', 'localhost:1234'])(
    'another Kafka, %s: the sentence says where the brokers are',
    async (broker) => {
      const end = await endOf((context) => reportingConsumer({ ...context, brokers: [broker] }))
      expect(String(end)).toMatch(/^UsageError: consumer-0 connects to /)
      expect(String(end)).toContain(
        'context.brokers, or let it read its brokers from a variable and write env: {',
      )
      expect(String(end)).toContain("KAFKA_BROKERS: 'broker-0:9092'")
    },
  )

  it('real asynchronous work that the watch for leaks sees, also where the histories are equal', async () => {
    const end = await endOf(doing(() => void early(() => {}, 1)))
    expect(String(end)).toMatch(
      /real asynchronous work was started inside the simulation: Timeout in consumer-0/,
    )
  })
})

it('code that looks at a stack sees the same one in a run and in its repetition', async () => {
  const prepared = await prepareScenario(
    {
      name: 'stacks',
      topics: { work: { partitions: 1 } },
      records: { work: 3 },
      consumers: 1,
      guarantee: atLeastOnce(),
      app: doing(({ effects }, offset) => {
        const caller = String(new Error('who called?').stack).split('\n')[1]?.trim()
        return effects.record({ topic: 'work', partition: 0, offset }, caller)
      }),
    },
    { file: import.meta.filename },
  )
  const schedule = { seed: '1', workload: prepared.workload('1'), faults: [], holds: [] }
  const first = await prepared.run(schedule, { stopAt: 'end' })
  const second = await prepared.run(schedule, { stopAt: 'end', watchLeaks: true })
  expect(second.historyHash()).toBe(first.historyHash())
  const [label] = first.history.events.flatMap((event) => (event.kind === 'effect' ? [event.label] : []))
  expect(label).toMatch(/^at .*border\.test\.ts\b.*:\d+:\d+\)?$/)
})

it('a run is ended from outside while it is under way', async () => {
  let asked = 0
  const stop = (): boolean => {
    asked += 1
    return asked > 1
  }
  const running = prepareScenario(
    {
      name: 'endless',
      topics: { work: { partitions: 1 } },
      records: { work: 3 },
      consumers: 1,
      guarantee: atLeastOnce(),
      app: doing(() => Promise.reject(new Error('never'))),
    },
    { file: import.meta.filename },
  ).then((prepared) => {
    const schedule = { seed: '1', workload: prepared.workload('1'), faults: [], holds: [] }
    return prepared.run(schedule, { stopAt: 'end', stop })
  })
  await expect(running).rejects.toThrow(RunStopped)
  expect(asked).toBe(2)
})
