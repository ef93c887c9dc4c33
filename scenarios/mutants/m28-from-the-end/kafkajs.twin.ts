import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/** Begins at the first record where it has committed nothing. */
export default defineScenario({
  name: 'M28 twin: sensors read from the beginning',
  topics: { sensors: { partitions: 1 } },
  records: {
    sensors: Array.from({ length: 4 }, (_, index) => ({ value: `t-${index}`, atMs: 10_000 + index * 1_000 })),
  },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'sensors' })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) process.exit(1)
    })
    process.once('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)))
    await consumer.connect()
    await consumer.subscribe({ topics: ['sensors'], fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message: { offset } }) =>
        context.effects.record({ topic, partition, offset }, 'stored'),
    })
  },
})
