import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Waits for each commit before the next record, so that commits never overlap, and keeps the client
 * from sending one again: after a timeout it does so on a new connection, where the first may be
 * overtaken, and after a refusal in the next generation (see
 * `../../museum/platformatic-commits-again`). What a process that ended has sent, its generation
 * outlives. Faults as on kafkajs, without pauses: a commit that waits out a rejoin goes out in the
 * generation that it finds then (`../../museum/platformatic-delivers-twice`), and no coordinator
 * can refuse it.
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
  faults: ['crash', 'rebalance', 'broker', 'store', 'request-delayed', 'answer-delayed'],
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
