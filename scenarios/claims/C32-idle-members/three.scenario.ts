import { ordersScenario } from '../../poll-loop/orders.ts'

/** Three processes on two partitions. */
export default ordersScenario('C32 three on two', { partitions: 2, consumers: 3 })
