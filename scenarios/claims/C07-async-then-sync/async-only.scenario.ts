import { ordersScenario, save } from '../../poll-loop/orders.ts'

/** commitAsync after each poll, and nothing at the end. */
export default ordersScenario('C07 commitAsync only', {
  handle: async (records, consumer, context) => {
    for (const record of records) await save(context, record)
    if (!records.isEmpty) consumer.commitAsync()
  },
})
