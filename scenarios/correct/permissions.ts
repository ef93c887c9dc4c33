import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * A service that may do what it needs and no more, while somebody takes one of its ACLs away now
 * and then: its consumer gives up for good, as kafkajs takes a missing permission for a
 * programmer's error, and the service ends and is started again until it may read.
 */
export default defineScenario({
  name: 'payouts: permissions come and go',
  topics: { payouts: { partitions: 2 } },
  records: { payouts: 8 },
  consumers: 2,
  broker: {
    'onceover.acls': 'allow User:ANONYMOUS Read Topic payouts; allow User:ANONYMOUS Read Group payouts-*',
  },
  faults: ['access', 'crash', 'rebalance', 'network', 'broker', 'handler', 'store'],
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'payouts-service',
      topics: ['payouts'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'paid')
        },
      }),
    }),
})
