import { type Consumer, Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/**
 * Starts its consumer again when it crashes, where kafkajs does not do so itself. Shape:
 * kafkajs issues 501, 1122 and 1443. It starts nothing any more once it was asked to end: a commit
 * that is refused at that moment would keep the process for ever.
 */
export default defineScenario({
  name: 'F13 twin: starts again what is not started again',
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
    let ending = false
    const start = async (): Promise<void> => {
      const consumer = kafka.consumer({ groupId: 'rides' })
      current = consumer
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        if (payload.restart || ending) return
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
      ending = true
      current?.disconnect().catch(() => process.exit(1))
    })
    await start()
  },
})
