import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../service.ts'

/**
 * Commits without waiting, so that commits overlap: one that is retried overwrites a later one with a lower offset.
 * Kafka allows that; whoever takes the partition over next repeats what had been committed. `strict` forbids it.
 */
export default defineScenario({
  name: 'M05 clickstream commits without waiting',
  topics: { clicks: { partitions: 1 } },
  records: { clicks: 4 },
  consumers: 1,
  guarantee: atLeastOnce({ strict: true }),
  faults: ['request-error', 'request-delayed', 'answer-delayed'],
  app: (context) =>
    startService(context, {
      group: 'clicks',
      topics: ['clicks'],
      run: (consumer) => ({
        autoCommit: false,
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'counted')
          consumer.commitOffsets([{ topic, partition, offset: next(message.offset) }]).catch(() => {})
        },
      }),
    }),
})
