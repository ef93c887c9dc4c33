import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'

/**
 * Leaves its batch early when the consumer stops, and forgets `eachBatchAutoResolve: false`. See
 * README.md, finding 2.
 */
export default defineScenario({
  name: 'museum: leaving a batch early resolves all of it',
  topics: { work: { partitions: 1 } },
  records: { work: 6 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: async ({ brokers, effects }) => {
    const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: 'worker' })
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) process.exit(1)
    })
    process.once('SIGTERM', () => consumer.disconnect().finally(() => process.exit(0)))
    await consumer.connect()
    await consumer.subscribe({ topics: ['work'], fromBeginning: true })
    await consumer.run({
      eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
        for (const { offset } of batch.messages) {
          if (!isRunning() || isStale()) break
          await effects.record({ topic: batch.topic, partition: batch.partition, offset })
          resolveOffset(offset)
          await heartbeat()
        }
      },
    })
  },
})
