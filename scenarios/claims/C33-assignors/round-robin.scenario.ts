import { ordersScenario } from '../../poll-loop/orders.ts'

/** Six partitions, two processes, and a third; roundrobin. */
export default ordersScenario('C33 roundrobin', {
  partitions: 6,
  consumers: 2,
  records: Array.from({ length: 12 }, (_, index) => ({
    value: `order ${index}`,
    partition: index % 6,
    atMs: index * 5_000,
  })),
  settings: { 'partition.assignment.strategy': 'roundrobin' },
})
