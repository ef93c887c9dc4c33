import { ordersScenario } from '../../poll-loop/orders.ts'

/** Four partitions, and a record of each every 4 s; range. */
export default ordersScenario('C27 eager', {
  partitions: 4,
  records: Array.from({ length: 40 }, (_, index) => ({
    value: `order ${index}`,
    partition: index % 4,
    atMs: index * 1_000,
  })),
  settings: { 'partition.assignment.strategy': 'range' },
})
