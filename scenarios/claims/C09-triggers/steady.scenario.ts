import { ordersScenario } from '../../poll-loop/orders.ts'

/** Two partitions, and records over two minutes. */
export default ordersScenario('C09 steady work', {
  partitions: 2,
  records: [0, 1, 120].map((second, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: second * 1_000,
  })),
  settings: { 'metadata.max.age.ms': 10_000 },
})
