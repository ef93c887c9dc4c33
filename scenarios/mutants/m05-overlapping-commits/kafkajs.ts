import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/**
 * Commits without waiting, so that commits overlap: kafkajs tries a refused one again, and it
 * overwrites a later one with a lower offset. Kafka allows that, and the partition's next owner
 * repeats what had been committed. At least once allows duplicates after a restart, so that they
 * prove nothing; that the group goes back does, and `strict` forbids it. What else `strict` forbids
 * is the price of any kafkajs service, and stays a note. Of the network's faults only delays: after
 * a reset, Kafka may apply a commit that its sender has long since sent again, and no consumer can
 * help that.
 */
export default defineScenario({
  name: 'M05 clickstream commits without waiting',
  topics: { clicks: { partitions: 1 } },
  records: { clicks: 4 },
  consumers: 1,
  guarantee: atLeastOnce({
    strict: true,
    allow: ['zombie-effect', 'commit-unowned', 'position-jump', 'wrong-resume', 'shutdown-hang'],
  }),
  faults: ['crash', 'rebalance', 'broker', 'store', 'request-delayed', 'answer-delayed'],
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
