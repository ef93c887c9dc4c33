import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'exports main',
  topics: { orders: { partitions: 1 } },
  records: { orders: 3 },
  guarantee: atLeastOnce(),
  app: { module: './exports-main.ts' },
})
