import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/**
 * A broker answers now and then that it does not know what went wrong. kafkajs takes that for
 * final and gives up. The process ends then, and is started again. Shape: kafkajs issues 1443
 * and 1513.
 */
export default defineScenario({
  name: 'F19 twin: ends when its consumer has given up',
  topics: { readings: { partitions: 2 } },
  records: { readings: 6 },
  consumers: 2,
  faults: ['request-error'],
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'meters' })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) process.exit(1)
    })
    process.once('SIGTERM', () => {
      consumer.disconnect().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
    await consumer.connect()
    await consumer.subscribe({ topic: 'readings', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record({ topic, partition, offset: message.offset }, 'billed')
      },
    })
  },
})
