import { ordersScenario } from '../../poll-loop/orders.ts'

/** 2 partitions and a record every second; range. */
export default ordersScenario('C62 2 partitions', {
  partitions: 2,
  records: Array.from({ length: 40 }, (_, index) => ({
    value: `order ${index}`,
    partition: index % 2,
    atMs: index * 1_000,
  })),
  settings: { 'partition.assignment.strategy': 'range' },
})
