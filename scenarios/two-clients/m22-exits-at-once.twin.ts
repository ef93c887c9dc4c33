import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from './service.ts'

/** Ends on SIGTERM once its work is done and committed: deployments alone repeat nothing. */
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
      handle: async (message) => {
        await context.effects.record(message, 'shipped')
        await message.commit()
      },
    }),
})
