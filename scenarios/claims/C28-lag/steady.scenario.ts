import { ordersScenario } from '../../poll-loop/orders.ts'

/** A record every 3 s. */
export default ordersScenario('C28 a record every 3 s', {
  records: Array.from({ length: 20 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index * 3_000,
  })),
})
