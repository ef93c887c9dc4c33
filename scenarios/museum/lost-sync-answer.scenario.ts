import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/**
 * The plainest correct consumer. When the answer to a SyncGroup is lost after a rebalance, kafkajs
 * 2.2.4 tries again from its fetch loop: with the previous assignment and the current generation.
 * Its heartbeats are in order, so nobody tells it; what it has been assigned since belongs to
 * nobody, and what it reads belongs to somebody else.
 */
export default defineScenario({
  name: 'kafkajs: the answer to SyncGroup is lost',
  topics: { payments: { partitions: 2 } },
  records: { payments: 2 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: async ({ brokers, instance, effects }) => {
    const kafka = new Kafka({ clientId: instance, brokers: [...brokers], logLevel: logLevel.NOTHING })
    const consumer = kafka.consumer({ groupId: 'ledger' })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) process.exit(1)
    })
    await consumer.connect()
    await consumer.subscribe({ topics: ['payments'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        await effects.record({ topic, partition, offset: message.offset }, 'booked')
      },
    })
  },
})
