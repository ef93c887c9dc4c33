import { Kafka, logLevel } from 'kafkajs'
import { atLeastOnce, defineScenario } from 'onceover'
import { supervise } from './supervise.ts'

/**
 * Stops reading a partition whose handler failed, and goes on after a while. Shape:
 * backstage/backstage, plugins/events-backend-module-kafka (pauseOnError).
 */
export default defineScenario({
  name: 'F08 twin: pauses after an error, and resumes',
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
          const resume = pause()
          setTimeout(resume, 5_000)
          throw error
        }
      },
    })
  },
})
