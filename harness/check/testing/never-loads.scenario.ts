import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'never loads',
  topics: { orders: { partitions: 1 } },
  records: { orders: 3 },
  guarantee: atLeastOnce(),
  app: { module: './never-loads.ts' },
})
