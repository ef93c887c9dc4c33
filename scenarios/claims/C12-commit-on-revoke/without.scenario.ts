import { ordersScenario, save } from '../../poll-loop/orders.ts'

/** Commits in the last third of each minute, and at no other time. */
export default ordersScenario('C12 no commit before revocation', {
  partitions: 2,
  records: Array.from({ length: 12 }, (_, index) => ({
    value: `order ${index}`,
    partition: index % 2,
    atMs: index * 2_000,
  })),
  settings: { 'session.timeout.ms': 10_000 },
  handle: async (records, consumer, context) => {
    for (const record of records) await save(context, record)
    if (Date.now() % 60_000 > 40_000) await consumer.commitSync()
  },
})
