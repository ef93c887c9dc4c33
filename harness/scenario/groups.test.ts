import { Kafka, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import type { RunResult } from '../run/run.interface.ts'
import { defineScenario } from './define.ts'
import { prepareScenario } from './prepare.ts'

/** Begins at the end of the log where the group has committed nothing. */
async function orders({ brokers, effects }: AppContext): Promise<void> {
  const kafka = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: 'orders' })
  await consumer.connect()
  await consumer.subscribe({ topic: 'orders', fromBeginning: false })
  await consumer.run({
    eachMessage: ({ topic, partition, message: { offset } }) =>
      effects.record({ topic, partition, offset: BigInt(offset) }, 'done'),
  })
}

function scenarioWith(parts: Partial<Scenario>): Scenario {
  return {
    name: 'a group that was there before',
    topics: { orders: { partitions: 2 } },
    records: { orders: 10 },
    consumers: 1,
    app: orders,
    guarantee: atLeastOnce(),
    ...parts,
  }
}

async function runOf(parts: Partial<Scenario>): Promise<RunResult> {
  const prepared = await prepareScenario(scenarioWith(parts), { file: null })
  return prepared.run({ seed: 'a', workload: prepared.workload('a'), faults: [], holds: [] })
}

function done({ history }: RunResult): string[] {
  return history.events
    .flatMap((event) => (event.kind === 'effect' ? [`${event.partition}@${event.offset}`] : []))
    .sort()
}

describe('a group that has committed before', () => {
  it.each([1, 3])(
    'goes on from there, and is not asked for what lies below, on %i brokers',
    async (brokers) => {
      const result = await runOf({
        brokers,
        broker: { 'default.replication.factor': brokers },
        groups: { orders: { 'orders/0': 3n, 'orders/1': 0 } },
      })
      expect(done(result)).toEqual(['0@3', '0@4', '1@0', '1@1', '1@2', '1@3', '1@4'])
      expect(result.verdict.violations).toEqual([])
    },
  )

  it('loses by its reset policy what it would have read, where nothing is committed', async () => {
    const { verdict } = await runOf({ groups: { orders: { 'orders/0': 3n } } })
    expect(verdict.violations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^orders\/1@0 to 1@4 were never processed|^orders\/1@0/),
    ])
  })
})

describe.each<[string, NonNullable<Scenario['groups']>, RegExp]>([
  ['another partition', { orders: { 'orders/2': 0 } }, /at 'orders\/2', which is no partition of its topics/],
  ['a topic alone', { orders: { orders: 0 } }, /at 'orders', which is no partition/],
  [
    'no number',
    { orders: { 'orders/0': 'x' } },
    /has 'x' as 'groups.orders.orders\/0'; it must be an offset/,
  ],
  ['a negative offset', { orders: { 'orders/0': -1n } }, /must be an offset from 0 to 2/],
])('a group that begins at %s', (_, groups, sentence) => {
  it('is refused in a sentence', () => {
    expect(() => defineScenario(scenarioWith({ groups }))).toThrow(sentence)
  })
})

it('a group does not begin below the first offset of its partition', () => {
  const topics = { orders: { partitions: 2, startOffset: 7 } }
  const groups = { orders: { 'orders/1': 6 } }
  expect(() => defineScenario(scenarioWith({ topics, groups }))).toThrow(
    /whose first offset is 7; write 7 or more/,
  )
})
