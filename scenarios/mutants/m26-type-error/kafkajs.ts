import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/**
 * A malformed record is a SyntaxError, which kafkajs does not retry: the consumer ends, and the
 * process lives on.
 */
export default defineScenario({
  name: 'M26 profile sync dies of a malformed record',
  topics: { profiles: { partitions: 1 } },
  records: { profiles: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'pause', 'rebalance', 'slow-handler', 'malformed-record'],
  app: (context) =>
    startService(context, {
      group: 'profiles',
      topics: ['profiles'],
      onGivenUp: () => {},
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          JSON.parse(String(message.value))
          await context.effects.record({ topic, partition, offset: message.offset }, 'synced')
        },
      }),
    }),
})
