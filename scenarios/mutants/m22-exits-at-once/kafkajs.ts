import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Ends on SIGTERM in the middle of its work: what it had done and not committed is done again after
 * a deployment.
 */
export default defineScenario({
  name: 'M22 shipping exits on SIGTERM at once',
  topics: { parcels: { partitions: 1 } },
  records: { parcels: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  faults: ['rebalance'],
  app: (context) =>
    startService(context, {
      group: 'shipping',
      topics: ['parcels'],
      onSigterm: () => process.exit(0),
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'shipped')
        },
      }),
    }),
})
