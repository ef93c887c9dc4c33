import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'orders consumer, fixed',
  topics: { orders: { partitions: 2 } },
  records: { orders: 12 },
  consumers: 2,
  app: { module: './orders-fixed-consumer.ts' },
  guarantee: atLeastOnce(),
})
