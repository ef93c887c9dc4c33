import { ordersScenario, save } from '../../poll-loop/orders.ts'

/** SIGTERM never interrupts a batch; its offsets are committed before it is done. */
export default ordersScenario('C63 acknowledges, then cannot be cancelled', {
  handle: async (records, consumer, context) => {
    if (!records.isEmpty) await consumer.commitSync()
    for (const record of records) await save(context, record)
  },
  atEnd: () => {},
})
