import { ordersScenario } from '../../poll-loop/orders.ts'
import { FIRST_OFFSET } from './orders.ts'

/** Offsets are bigint from the wire to the commit. */
export default ordersScenario('C01 offsets of the poll loop', {
  otherTopics: { orders: { partitions: 1, startOffset: FIRST_OFFSET } },
})
