import { ordersScenario } from '../../poll-loop/orders.ts'

/** A member without a name. */
export default ordersScenario('C23 a dynamic member', {
  records: [0, 0, 100].map((second, index) => ({
    value: `order ${index}`,
    partition: index % 2,
    atMs: second * 1_000,
  })),
  partitions: 2,
})
