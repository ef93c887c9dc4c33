import { Kafka, type KafkaConfig, logLevel } from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { AppContext } from '../core/scenario.ts'
import { prepareScenario } from '../scenario/prepare.ts'

/** A consumer that is configured for TLS, and for SASL, as services in production are. */
function consumerWith(security: Omit<KafkaConfig, 'brokers'>) {
  return async (context: AppContext): Promise<void> => {
    const kafka = new Kafka({ brokers: context.brokers, logLevel: logLevel.NOTHING, ...security })
    const consumer = kafka.consumer({ groupId: 'work-group' })
    await consumer.connect()
    await consumer.subscribe({ topics: ['work'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record({ topic, partition, offset: message.offset })
      },
    })
  }
}

describe('kafkajs with TLS in virtual time', () => {
  it.each<[string, Omit<KafkaConfig, 'brokers'>]>([
    ['ssl: true', { ssl: true }],
    [
      'ssl with certificates of its own',
      {
        ssl: { rejectUnauthorized: true, servername: 'kafka.example', ca: ['ca'], key: 'key', cert: 'cert' },
      },
    ],
    [
      'ssl and SASL',
      { ssl: true, sasl: { mechanism: 'scram-sha-256', username: 'alice', password: 'secret' } },
    ],
  ])('%s: consumes, and goes on after its connections were reset', async (_, security) => {
    const prepared = await prepareScenario(
      {
        name: 'work over TLS',
        topics: { work: { partitions: 2 } },
        records: { work: 20 },
        consumers: 1,
        app: consumerWith(security),
        guarantee: atLeastOnce(),
        ...(security.sasl === undefined ? {} : { broker: { 'onceover.sasl.users': 'alice:secret' } }),
      },
      { file: import.meta.filename },
    )
    const target = 'consumer-0~broker-0'
    const at = { event: 'consumer-0 OffsetCommit#1 sent' }
    const workload = prepared.workload('tls')
    const { history, verdict } = await prepared.run(
      { seed: 'tls', workload, faults: [{ kind: 'link-reset', target, at }], holds: [] },
      { stopAt: 'end' },
    )
    expect(verdict.verdict).toBe('held')
    const effects = history.events.filter((event) => event.kind === 'effect')
    expect(new Set(effects.map(({ partition, offset }) => `${partition}@${offset}`)).size).toBe(20)
    const commits = history.events.filter((event) => event.kind === 'commit' && event.phase === 'applied')
    expect(commits.length).toBeGreaterThan(0)
  })
})
