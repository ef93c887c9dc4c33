import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

/**
 * Stops reading a partition whose handler failed, for somebody to look at it: nothing ever
 * resumes it. Shape: backstage/backstage, plugins/events-backend-module-kafka (pauseOnError).
 */
export default defineScenario({
  name: 'F08 pauses after an error, for ever',
  topics: { entities: { partitions: 2 } },
  records: { entities: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: async (context) => {
    const kafka = new Kafka({
      clientId: context.instance,
      brokers: context.brokers,
      logLevel: logLevel.NOTHING,
    })
    const consumer = kafka.consumer({ groupId: 'catalog' })
    supervise(consumer)
    await consumer.connect()
    await consumer.subscribe({ topic: 'entities', fromBeginning: true })
    await consumer.run({
      eachMessage: async ({ topic, partition, message, pause }) => {
        try {
          await context.effects.record({ topic, partition, offset: message.offset }, 'catalogued')
        } catch (error) {
          pause()
          throw error
        }
      },
    })
  },
})
