import { nextOf, ordersScenario, save } from '../../poll-loop/orders.ts'

/** Commits each record, and waits. */
export default ordersScenario('C68 commitSync for each record', {
  records: 40,
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      await consumer.commitSync(nextOf(record))
    }
  },
})
