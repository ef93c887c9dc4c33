import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'exits',
  topics: { orders: { partitions: 1 } },
  records: { orders: 3 },
  app: () => process.exit(0),
  guarantee: atLeastOnce(),
})
