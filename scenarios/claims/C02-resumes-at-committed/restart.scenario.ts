import { nextOf, ordersScenario, save } from '../../poll-loop/orders.ts'

/** Commits each record once it is saved. */
export default ordersScenario('C02 commits each record', {
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      await consumer.commitSync(nextOf(record))
    }
  },
})
