import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Commits without waiting, so that commits overlap: one that the client tries again overwrites a
 * later one.
 */
export default defineScenario({
  name: 'M05 on @platformatic/kafka: clickstream commits without waiting',
  topics: { clicks: { partitions: 1 } },
  records: { clicks: 4 },
  consumers: 1,
  guarantee: atLeastOnce({
    strict: true,
    allow: ['zombie-effect', 'commit-unowned', 'position-jump', 'wrong-resume', 'shutdown-hang'],
  }),
  faults: ['crash', 'rebalance', 'broker', 'store', 'request-delayed', 'answer-delayed'],
  app: (context) =>
    startStreamService(context, {
      group: 'clicks',
      topics: ['clicks'],
      commitsAgain: true,
      handle: async (message, consumer) => {
        await context.effects.record(message, 'counted')
        const { topic, partition, leaderEpoch } = message
        const offset = message.offset + 1n
        consumer.commit({ offsets: [{ topic, partition, offset, leaderEpoch }] }).catch(() => {})
      },
    }),
})
