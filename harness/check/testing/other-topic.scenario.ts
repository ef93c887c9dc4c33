import { atLeastOnce, defineScenario } from 'onceover'
import { orders } from './app.ts'

export default defineScenario({
  name: 'misspelt topic',
  topics: { ordres: { partitions: 1 } },
  records: { ordres: 3 },
  guarantee: atLeastOnce(),
  app: (context) => orders(context, { commits: 'after' }),
})
