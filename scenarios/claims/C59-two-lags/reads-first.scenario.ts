import { nextOf, ordersScenario, save } from '../../poll-loop/orders.ts'

/** Reads a record every 2 s, and commits in the last third of each minute. */
export default ordersScenario('C59 reads, and commits late', {
  records: Array.from({ length: 12 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index * 2_000,
  })),
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      if (record.offset === 0n) await consumer.commitSync(nextOf(record))
    }
    if (Date.now() % 60_000 > 40_000) await consumer.commitSync()
  },
})
