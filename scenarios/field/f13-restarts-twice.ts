import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/**
 * Starts its consumer again when it crashes, although kafkajs does so itself: from then on
 * there are two, and SIGTERM stops one of them. Shape: kafkajs issues 501, 1122 and 1443.
 */
export default defineScenario({
  name: 'F13 starts again what starts again by itself',
  topics: { rides: { partitions: 2 } },
  records: { rides: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    let current: Consumer | undefined
    const start = async (): Promise<void> => {
      const consumer = kafka.consumer({ groupId: 'rides' })
      current = consumer
      consumer.on(consumer.events.CRASH, () => {
        setTimeout(() => start().catch(() => process.exit(1)), 1_000)
      })
      await consumer.connect()
      await consumer.subscribe({ topic: 'rides', fromBeginning: true })
      await consumer.run({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'dispatched')
        },
      })
    }
    // The process ends by itself when nothing is connected any more.
    process.once('SIGTERM', () => {
      current?.disconnect().catch(() => process.exit(1))
    })
    await start()
  },
})
