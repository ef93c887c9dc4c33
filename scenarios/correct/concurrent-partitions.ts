import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * Three partitions at a time; within each, kafkajs goes record by record, and so the order of a key
 * is kept.
 */
export default defineScenario({
  name: 'ticket printer: partitionsConsumedConcurrently',
  topics: { tickets: { partitions: 3 } },
  records: { tickets: 9 },
  consumers: 2,
  guarantee: atLeastOnce({ order: 'key' }),
  app: (context) =>
    startService(context, {
      group: 'printer',
      topics: ['tickets'],
      run: () => ({
        partitionsConsumedConcurrently: 3,
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'printed')
        },
      }),
    }),
})
