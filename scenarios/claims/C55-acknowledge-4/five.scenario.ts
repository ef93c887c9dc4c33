import { ordersScenario } from '../../poll-loop/orders.ts'

/** Five records, then a commit of what was read. */
export default ordersScenario('C55 five records', { records: 5 })
