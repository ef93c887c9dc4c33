import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Ends on SIGTERM once its work is done and committed: deployments alone repeat nothing. The client
 * may try again what failed: a commit waits for a join to be done, and a join for the session of a
 * process that ended in the middle of one, which is longer (60 s) than a request may take (30 s).
 */
export default defineScenario({
  name: 'M22 twin on @platformatic/kafka: shipping ends its work on SIGTERM',
  topics: { parcels: { partitions: 1 } },
  records: { parcels: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  faults: ['rebalance'],
  app: (context) =>
    startStreamService(context, {
      group: 'shipping',
      topics: ['parcels'],
      commitsAgain: true,
      handle: async (message) => {
        await context.effects.record(message, 'shipped')
        await message.commit()
      },
    }),
})
