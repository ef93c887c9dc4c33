import { atLeastOnce, defineScenario } from 'onceover'
import { startFulfilment } from './fulfilment.ts'

/** Begins to count again in a rebalance. */
export default defineScenario({
  name: 'M57 twin fulfilment: a rebalance lands what was in flight',
  topics: { parcels: { partitions: 2 } },
  records: { parcels: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) => startFulfilment(context, { resetsOnRebalance: true }),
})
