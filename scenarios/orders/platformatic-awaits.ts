import { atLeastOnce, defineScenario } from 'onceover'
import { startStreamService } from '../platformatic/service.ts'
import { saveOrder } from './orders.ts'

/**
 * `orders-fixed.scenario.ts`: waits for its database, and leaves commits to the client. What
 * repairs it on kafkajs does not on this client, which commits what waits in its buffer.
 */
export default defineScenario({
  name: 'orders consumer on @platformatic/kafka, waits for its database',
  topics: { orders: { partitions: 2 } },
  records: { orders: 12 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'billing',
      topics: ['orders'],
      autocommit: true,
      handle: (message) => saveOrder(context.effects, message),
    }),
})
