import { atMostOnce } from 'onceover'
import { ordersScenario, save } from '../../poll-loop/orders.ts'

/** Commits what poll returned, then does it; a commit that failed throws. */
export default ordersScenario('C13 commits, then processes', {
  guarantee: atMostOnce(),
  handle: async (records, consumer, context) => {
    if (!records.isEmpty) await consumer.commitSync()
    for (const record of records) await save(context, record)
  },
})
