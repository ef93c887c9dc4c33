import { atLeastOnce, defineScenario } from 'onceover'

/** `orders.scenario.ts`: does not wait for its database, and leaves commits to the client. */
export default defineScenario({
  name: 'orders consumer on @platformatic/kafka',
  topics: { orders: { partitions: 2 } },
  records: { orders: 12 },
  consumers: 2,
  app: { module: './platformatic-consumer.ts' },
  guarantee: atLeastOnce(),
})
