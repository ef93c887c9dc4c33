import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/**
 * Ends on SIGTERM in the middle of its work: what it had done and not committed is done again after
 * a deployment.
 */
export default defineScenario({
  name: 'M22 on @platformatic/kafka: shipping exits on SIGTERM at once',
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
      onSigterm: () => process.exit(0),
      handle: async (message) => {
        await context.effects.record(message, 'shipped')
        await message.commit()
      },
    }),
})
