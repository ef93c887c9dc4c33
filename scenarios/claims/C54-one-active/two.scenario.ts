import { ordersScenario } from '../../poll-loop/orders.ts'

/** Two processes on two partitions. */
export default ordersScenario('C54 two on two', { partitions: 2, consumers: 2 })
