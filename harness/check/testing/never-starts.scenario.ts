import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'never starts',
  topics: { orders: { partitions: 1 } },
  records: { orders: 3 },
  guarantee: atLeastOnce(),
  app: () => new Promise(() => {}),
})
