import { atLeastOnce, defineScenario } from 'onceover'

export default defineScenario({
  name: 'no records',
  topics: { orders: { partitions: 1 } },
  records: { orders: () => [] },
  app: () => undefined,
  guarantee: atLeastOnce(),
})
