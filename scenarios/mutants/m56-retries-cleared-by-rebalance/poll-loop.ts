import { atLeastOnce, defineScenario } from 'onceover'
import { shipOrders } from './shipping.ts'

/** Drops every retry when some partitions go: records of those that stay do not come again. */
export default defineScenario({
  name: 'M56 on a poll loop: shipping: a rebalance clears all retries',
  topics: { orders: { partitions: 4 } },
  records: { orders: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  effects: 'reported',
  app: (context) => shipOrders(context, { drops: 'all' }),
})
