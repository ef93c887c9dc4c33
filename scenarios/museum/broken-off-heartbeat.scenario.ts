import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/** By then the consumer has had nothing to do for a while, as most have at night. */
const LATER_MS = 20_000

/**
 * The plainest correct consumer, with two brokers to fetch from, and nothing to do. The connection
 * of its heartbeat breaks. See README.md, finding 15.
 */
export default defineScenario({
  name: "kafkajs: the connection of an idle consumer's heartbeat breaks",
  topics: { payments: { partitions: 2 } },
  records: {
    payments: [
      { value: '1' },
      { value: '2' },
      { value: '3', atMs: LATER_MS },
      { value: '4', atMs: LATER_MS },
    ],
  },
  consumers: 1,
  brokers: 2,
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
