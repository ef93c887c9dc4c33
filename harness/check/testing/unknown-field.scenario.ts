import { atLeastOnce, defineScenario } from 'onceover'

const misspelt = { topic: { orders: { partitions: 1 } } }

export default defineScenario({
  name: 'misspelt',
  ...misspelt,
  records: { orders: 3 },
  guarantee: atLeastOnce(),
  app: () => undefined,
} as never)
