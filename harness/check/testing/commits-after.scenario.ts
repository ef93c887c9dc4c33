import { atLeastOnce, defineScenario } from 'onceover'
import { orders } from './app.ts'

export default defineScenario({
  name: 'commits after its work',
  topics: { orders: { partitions: 1 } },
  records: { orders: 3 },
  consumers: 1,
  faults: ['crash'],
  guarantee: atLeastOnce(),
  app: (context) => orders(context, { commits: 'after' }),
})
