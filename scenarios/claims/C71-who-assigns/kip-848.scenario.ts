import { ordersScenario } from '../../poll-loop/orders.ts'

/** Two processes on two partitions, in a group of KIP-848. */
export default ordersScenario('C71 the broker assigns', {
  partitions: 2,
  consumers: 2,
  records: 4,
  settings: { 'group.protocol': 'consumer' },
})
