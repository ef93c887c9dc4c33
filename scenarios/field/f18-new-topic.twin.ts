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
  topics: { 'tenant.a': { partitions: 1 } },
  records: { 'tenant.a': 4 },
  consumers: 2,
  faults: ['crash'],
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
    // Somebody signs up after ten seconds: a process does it, as no workload can.
    if (context.instance === 'consumer-0') setTimeout(() => signUp(kafka).catch(() => {}), 10_000)
  },
})

async function signUp(kafka: Kafka): Promise<void> {
  const admin = kafka.admin()
  await admin.connect()
  const made = await admin.createTopics({ topics: [{ topic: 'tenant.b', numPartitions: 1 }] })
  if (!made) return
  const producer = kafka.producer()
  await producer.connect()
  await producer.send({
    topic: 'tenant.b',
    messages: [{ value: '{"first":true}' }, { value: '{"second":true}' }],
  })
}
