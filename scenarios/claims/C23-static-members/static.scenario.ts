import { ordersScenario } from '../../poll-loop/orders.ts'

/** A member with a name of its own. */
export default ordersScenario('C23 a static member', {
  records: [0, 0, 100].map((second, index) => ({
    value: `order ${index}`,
    partition: index % 2,
    atMs: second * 1_000,
  })),
  partitions: 2,
  settings: { 'group.instance.id': 'one' },
})
