import { ordersScenario, save } from '../../poll-loop/orders.ts'

/** commitAsync after each poll; commitSync on revocation and at the end. */
export default ordersScenario('C07 commitAsync, then commitSync at the end', {
  handle: async (records, consumer, context) => {
    for (const record of records) await save(context, record)
    if (!records.isEmpty) consumer.commitAsync()
  },
  listener: (consumer) => ({ revoked: () => consumer.commitSync(), lost: () => {} }),
  atEnd: (consumer) => consumer.commitSync().catch(() => {}),
})
