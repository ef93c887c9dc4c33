import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

const DELAY_MS = 10_000

/**
 * Holds each record back until it is ten seconds old: what is not yet due is left for later,
 * and its partition paused. The batch ends without an error, so that what was left for later
 * counts as done. Shape: PostHog/posthog pull requests 9432 and 10475, shutterstock/kafkajs-
 * async-retry issue 365.
 */
export default defineScenario({
  name: 'F10b nothing is ever due in time, so that all is lost',
  topics: { held: { partitions: 2 } },
  records: {
    held: Array.from({ length: 8 }, (_, index) => ({
      value: JSON.stringify({ event: index }),
      partition: index % 2,
      atMs: index * 1_500,
    })),
  },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'buffer' })
    supervise(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic: 'held', fromBeginning: true })
    await consumer.run({
      eachBatch: async ({ batch, resolveOffset, heartbeat, pause }) => {
        const { topic, partition } = batch
        for (const message of batch.messages) {
          const waitMs = Number(message.timestamp) + DELAY_MS - Date.now()
          if (waitMs > 0) {
            const resume = pause()
            setTimeout(resume, waitMs)
            return
          }
          await context.effects.record({ topic, partition, offset: message.offset }, 'ingested')
          resolveOffset(message.offset)
          await heartbeat()
        }
      },
    })
  },
})
