import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** Ends on SIGTERM once its work is done and committed: deployments alone repeat nothing. */
export default defineScenario({
  name: 'M22 twin: shipping ends its work on SIGTERM',
  topics: { parcels: { partitions: 1 } },
  records: { parcels: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  faults: ['rebalance'],
  app: (context) =>
    startService(context, {
      group: 'shipping',
      topics: ['parcels'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'shipped')
        },
      }),
    }),
})
