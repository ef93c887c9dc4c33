import { nextOf, ordersScenario, save } from '../../poll-loop/orders.ts'

/** Commits each record, and does not wait. */
export default ordersScenario('C68 commitAsync for each record', {
  records: 40,
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      consumer.commitAsync(nextOf(record))
    }
  },
})
