import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from './service.ts'

/**
 * Waits for each commit before the next record, so that commits never overlap. Without delayed
 * requests: one that is still under way when the client has sent it again is applied last, and no consumer can help that.
 */
export default defineScenario({
  name: 'M05 twin on @platformatic/kafka: clickstream waits for each commit',
  topics: { clicks: { partitions: 1 } },
  records: { clicks: 4 },
  consumers: 1,
  guarantee: atLeastOnce({
    strict: true,
    allow: ['zombie-effect', 'commit-unowned', 'position-jump', 'wrong-resume', 'shutdown-hang'],
  }),
  faults: ['crash', 'rebalance', 'broker', 'store', 'answer-delayed'],
  app: (context) =>
    startStreamService(context, {
      group: 'clicks',
      topics: ['clicks'],
      handle: async (message) => {
        await context.effects.record(message, 'counted')
        await message.commit()
      },
    }),
})
