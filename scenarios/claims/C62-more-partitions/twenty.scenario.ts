import { ordersScenario } from '../../poll-loop/orders.ts'

/** 20 partitions and a record every second; range. */
export default ordersScenario('C62 20 partitions', {
  partitions: 20,
  records: Array.from({ length: 40 }, (_, index) => ({
    value: `order ${index}`,
    partition: index % 20,
    atMs: index * 1_000,
  })),
  settings: { 'partition.assignment.strategy': 'range' },
})
