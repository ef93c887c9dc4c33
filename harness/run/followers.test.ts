import { Kafka, logLevel } from 'kafkajs'
import { expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'
import { processThenCommit, streamApp } from '../scenario/testing/platformatic.ts'

async function onKafkajs(context: AppContext): Promise<void> {
  const kafka = new Kafka({ brokers: context.brokers, logLevel: logLevel.NOTHING })
  const consumer = kafka.consumer({ groupId: 'work-group', rackId: 'b' })
  await consumer.connect()
  await consumer.subscribe({ topics: ['work'], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      await context.effects.record({ topic, partition, offset: message.offset })
    },
  })
}

const onPlatformatic = streamApp(processThenCommit, 'classic', { clientRack: 'b' })

it.each([
  ['kafkajs', onKafkajs],
  ['@platformatic/kafka', onPlatformatic],
])(
  '%s reads from the follower in its rack, and from its leader once that is gone (KIP-392)',
  async (_, app) => {
    const prepared = await prepareScenario(
      {
        name: 'work of racks',
        topics: { work: { partitions: 1 } },
        records: {
          work: Array.from({ length: 8 }, (_each, index) => ({ value: `${index}`, atMs: index * 6_000 })),
        },
        consumers: 1,
        brokers: 3,
        broker: {
          'default.replication.factor': 3,
          'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
          'broker.rack': 'a,b,c',
        },
        app,
        guarantee: atLeastOnce(),
      },
      { file: import.meta.filename },
    )
    const fault = {
      kind: 'broker-down',
      target: 'broker-1',
      at: { atMs: 20_000 },
      durationMs: 60_000,
    } as const
    const workload = prepared.workload('racks')
    const { history, verdict } = await prepared.run({ seed: 'racks', workload, faults: [fault], holds: [] })
    expect(verdict.verdict).toBe('held')
    const read = history.events.flatMap((event) =>
      event.kind === 'fetched' ? [{ broker: event.broker, late: event.timeUs > 22_000_000 }] : [],
    )
    expect(read.filter(({ late }) => !late).map(({ broker }) => broker)).toContain('broker-1')
    expect(read.filter(({ late }) => late).map(({ broker }) => broker)).toContain('broker-0')
    expect(
      new Set(history.events.flatMap((each) => (each.kind === 'effect' ? [each.offset] : []))).size,
    ).toBe(8)
  },
)
