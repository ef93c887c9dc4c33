import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

/**
 * Reads all topics whose names match a pattern; a tenant's topic is made later than the consumer
 * starts (`topic-late`). The pattern is looked up once: nobody ever reads the new one. Shape:
 * kafkajs issue 1086.
 */
export default defineScenario({
  name: 'F18 a topic that comes later',
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
    const consumer = kafka.consumer({ groupId: 'tenants' })
    supervise(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic: /^tenant\..+$/, fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record({ topic, partition, offset: message.offset }, 'billed')
      },
    })
  },
})
