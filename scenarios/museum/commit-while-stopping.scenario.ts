import { Kafka, logLevel } from 'kafkajs'
import { atMostOnce, defineScenario } from 'onceover'

/**
 * Commits with `consumer.commitOffsets`, and processes once that has resolved. See README.md,
 * finding 1.
 */
export default defineScenario({
  name: 'museum: a commit that resolves without having committed',
  topics: { coupons: { partitions: 1 } },
  records: { coupons: 4 },
  consumers: 1,
  guarantee: atMostOnce(),
  faults: ['graceful-restart', 'request-error', 'request-delayed', 'answer-delayed'],
  app: async ({ brokers, effects }) => {
    const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: 'mailer' })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) process.exit(1)
    })
    process.once('SIGTERM', () => consumer.disconnect().finally(() => process.exit(0)))
    await consumer.connect()
    await consumer.subscribe({ topics: ['coupons'], fromBeginning: true })
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ topic, partition, message }) => {
        const offset = (BigInt(message.offset) + 1n).toString()
        await consumer.commitOffsets([{ topic, partition, offset }])
        await effects.record({ topic, partition, offset: message.offset }, 'mailed').catch(() => {})
      },
    })
  },
})
