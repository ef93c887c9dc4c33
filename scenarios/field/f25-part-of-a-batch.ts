import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

const AT_ONCE = 3

/**
 * Correct: takes three records of each batch, resolves those and leaves the others for the next
 * one. Reports no effects. Shape: @awesomeniko/kafka-trail 0.3.8 (batchMessageSizeToConsume).
 */
export default defineScenario({
  name: 'F25 part of a batch',
  topics: { visits: { partitions: 1 } },
  records: { visits: 8 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'visits' })
    supervise(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic: 'visits', fromBeginning: true })
    await consumer.run({
      eachBatchAutoResolve: false,
      eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
        for (const message of batch.messages.slice(0, AT_ONCE)) {
          await new Promise((resolve) => setTimeout(resolve, 20))
          resolveOffset(message.offset)
        }
        await heartbeat()
      },
    })
  },
})
