import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/**
 * A malformed record is given up on purpose; and a consumer that ends takes its process with it.
 */
export default defineScenario({
  name: 'M26 twin: profile sync skips a malformed record',
  topics: { profiles: { partitions: 1 } },
  records: { profiles: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'pause', 'rebalance', 'slow-handler', 'malformed-record'],
  app: (context) =>
    startService(context, {
      group: 'profiles',
      topics: ['profiles'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          const target = { topic, partition, offset: message.offset }
          try {
            JSON.parse(String(message.value))
          } catch {
            context.effects.skip(target, 'malformed')
            return
          }
          await context.effects.record(target, 'synced')
        },
      }),
    }),
})
