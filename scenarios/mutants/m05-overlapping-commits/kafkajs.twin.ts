import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/**
 * Waits for each commit before the next record, so that commits never overlap.
 */
export default defineScenario({
  name: 'M05 twin: clickstream waits for each commit',
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
          await consumer.commitOffsets([{ topic, partition, offset: next(message.offset) }])
        },
      }),
    }),
})
