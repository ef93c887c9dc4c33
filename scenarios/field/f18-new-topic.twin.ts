import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

/**
 * Reads all topics whose names match a pattern; a tenant's topic is made later than the
 * consumer starts. It looks for new ones now and then, and starts again. Shape: kafkajs issue
 * 1086.
 */
export default defineScenario({
  name: 'F18 twin: looks for new topics',
  topics: { 'tenant.a': { partitions: 1 }, 'tenant.b': { partitions: 1 } },
  records: { 'tenant.a': 4, 'tenant.b': 2 },
  consumers: 2,
  faults: ['topic-late', 'crash'],
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const admin = kafka.admin()
    await admin.connect()
    const consumer = kafka.consumer({ groupId: 'tenants' })
    supervise(consumer)
    await consumer.connect()
    // Asked before the consumer looks: a topic that comes in between takes a new start, too.
    const known = new Set((await admin.listTopics()).filter((topic) => topic.startsWith('tenant.')))
    await consumer.subscribe({ topic: /^tenant\..+$/, fromBeginning: true })
    setInterval(() => {
      admin.listTopics().then(
        (topics) => {
          if (topics.some((topic) => topic.startsWith('tenant.') && !known.has(topic))) process.exit(1)
        },
        () => {},
      )
    }, 15_000).unref()
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record({ topic, partition, offset: message.offset }, 'billed')
      },
    })
  },
})
