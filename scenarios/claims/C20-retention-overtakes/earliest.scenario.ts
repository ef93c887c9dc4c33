import { ordersScenario } from '../../poll-loop/orders.ts'

/** Records are deleted while the process is away; policy earliest. */
export default ordersScenario('C20 retention overtakes, earliest', {
  records: Array.from({ length: 15 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index < 5 ? 6_000 : index < 10 ? 20_000 : 80_000,
  })),
  settings: { 'auto.offset.reset': 'earliest' },
})
