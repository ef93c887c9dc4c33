import { atLeastOnce, defineScenario } from 'onceover'
import { startFulfilment } from './fulfilment.ts'

/**
 * Counts itself out of flight only where the work ends well: a record that fails, and then goes
 * with its partition, is counted for ever, and the process takes no more.
 */
export default defineScenario({
  name: 'M57 fulfilment: a rebalance leaves what was in flight',
  topics: { parcels: { partitions: 2 } },
  records: { parcels: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) => startFulfilment(context, { resetsOnRebalance: false }),
})
