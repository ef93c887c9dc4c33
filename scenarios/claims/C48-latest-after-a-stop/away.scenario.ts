import { ordersScenario } from '../../poll-loop/orders.ts'

/** Five records while it is there, five while it is away; policy latest. */
export default ordersScenario('C48 away with latest', {
  records: Array.from({ length: 10 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index < 5 ? 6_000 : 30_000,
  })),
  settings: { 'auto.offset.reset': 'latest' },
})
