import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'no such app',
  topics: { orders: { partitions: 1 } },
  records: { orders: 3 },
  guarantee: atLeastOnce(),
  app: { module: './no-such-app.ts' },
})
