import { ordersScenario } from '../../poll-loop/orders.ts'

/** Does what poll returned, then commits it. */
export default ordersScenario('C05 commitSync after each poll', {
  records: Array.from({ length: 11 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index < 10 ? 0 : 100_000,
  })),
  settings: { 'session.timeout.ms': 10_000 },
})
