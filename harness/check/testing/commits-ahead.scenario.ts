import { atLeastOnce, defineScenario } from 'onceover'
import { orders } from './app.ts'

/** Only what is committed too soon counts: it takes no fault. */
export default defineScenario({
  name: 'commits ahead of its work',
  topics: { orders: { partitions: 1 } },
  records: { orders: 2 },
  consumers: 1,
  faults: ['crash'],
  guarantee: atLeastOnce({ allow: ['lost-record'] }),
  app: (context) => orders(context, { commits: 'before' }),
})
