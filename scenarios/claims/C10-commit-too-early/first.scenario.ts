import { ordersScenario, save } from '../../poll-loop/orders.ts'

/** Commits what poll returned, then does it. */
export default ordersScenario('C10 commits, then processes', {
  handle: async (records, consumer, context) => {
    if (!records.isEmpty) await consumer.commitSync()
    for (const record of records) await save(context, record)
  },
})
