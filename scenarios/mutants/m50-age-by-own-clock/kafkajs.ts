import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** Longer than any outage that it is to outlast. */
const TOO_OLD_MS = 30 * 60_000

/**
 * Drops offers that are too old to be of use. How old one is it takes from its own machine's clock,
 * which is wrong now and then.
 */
export default defineScenario({
  name: 'M50 offers whose age is told by the own clock',
  topics: { offers: { partitions: 1 } },
  records: { offers: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'pause', 'rebalance', 'network', 'broker', 'store', 'clock'],
  app: (context) =>
    startService(context, {
      group: 'offers',
      topics: ['offers'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset, timestamp } }) => {
          if (Date.now() - Number(timestamp) > TOO_OLD_MS) return
          await context.effects.record({ topic, partition, offset }, 'made')
        },
      }),
    }),
})
