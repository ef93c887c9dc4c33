import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * kafkajs knows topics by their names. While its handler works on a record, the topic is deleted
 * and recreated; then it commits the offset of what is gone, the coordinator keeps it for the new
 * topic, and the group passes over the record that stands there (KAFKA.md L11). No fault of the
 * app: a commit that named the topic's id (KIP-848, OffsetCommit 10) would be refused.
 */
export default defineScenario({
  name: 'parcels: a recreated topic',
  topics: { parcels: { partitions: 1 } },
  records: { parcels: 2 },
  consumers: 1,
  faults: ['topic-recreated'],
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'parcels',
      topics: ['parcels'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'delivered')
        },
      }),
    }),
})
