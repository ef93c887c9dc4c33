import { nextOf, ordersScenario, save } from '../../poll-loop/orders.ts'

/** Commits after every fourth record. */
export default ordersScenario('C03 commits every fourth record', {
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      if (record.offset % 4n === 3n) await consumer.commitSync(nextOf(record))
    }
    if (!records.isEmpty) await consumer.commitSync()
  },
})
