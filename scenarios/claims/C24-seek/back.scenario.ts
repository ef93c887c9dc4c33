import { ordersScenario, save } from '../../poll-loop/orders.ts'

/** Goes back to offset 2 once it has committed all, and commits again. */
export default ordersScenario('C24 seek back', {
  records: Array.from({ length: 11 }, (_, index) => ({
    value: `order ${index}`,
    partition: 0,
    atMs: index < 10 ? 0 : 60_000,
  })),
  handle: async (records, consumer, context) => {
    for (const record of records) await save(context, record)
    if (records.isEmpty) return
    const [orders = { topic: 'orders', partition: 0 }] = records.partitions
    const [committed] = await consumer.committed([orders])
    await consumer.commitSync()
    if (committed?.offset === null) consumer.seek(orders, 2n)
  },
})
