import { ordersScenario } from '../../poll-loop/orders.ts'

/** Six partitions, two processes, and a third; range. */
export default ordersScenario('C33 range', {
  partitions: 6,
  consumers: 2,
  records: Array.from({ length: 12 }, (_, index) => ({
    value: `order ${index}`,
    partition: index % 6,
    atMs: index * 5_000,
  })),
  settings: { 'partition.assignment.strategy': 'range' },
})
