import { atLeastOnce, defineScenario } from 'onceover'
import { shipOrders } from './shipping.ts'

/** Drops the retries of the partitions that go. */
export default defineScenario({
  name: 'M56 twin on a poll loop: shipping: a rebalance takes its own retries along',
  topics: { orders: { partitions: 4 } },
  records: { orders: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  effects: 'reported',
  app: (context) => shipOrders(context, { drops: 'gone' }),
})
