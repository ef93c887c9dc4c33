import { atLeastOnce, defineScenario } from 'onceover'
import { orders } from './app.ts'

/** Only what is lost counts, so that every seed ends with the same property. */
export default defineScenario({
  name: 'commits before its work',
  topics: { orders: { partitions: 1 } },
  records: { orders: 3 },
  consumers: 1,
  faults: ['crash'],
  guarantee: atLeastOnce({ allow: ['commit-ahead'] }),
  app: (context) => orders(context, { commits: 'before' }),
})
