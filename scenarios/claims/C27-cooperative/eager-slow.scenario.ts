import { ordersScenario, save, sleep } from '../../poll-loop/orders.ts'

/** Six partitions, three processes; orders/0@1 takes 20 s; range. */
export default ordersScenario('C27 eager-slow', {
  partitions: 6,
  consumers: 3,
  records: Array.from({ length: 48 }, (_, index) => ({
    value: `order ${index}`,
    partition: index % 6,
    atMs: index * 1_000,
  })),
  settings: { 'partition.assignment.strategy': 'range', 'max.poll.records': 1 },
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      if (record.partition === 0 && record.offset === 1n) await sleep(20_000)
    }
    if (!records.isEmpty) await consumer.commitSync()
  },
})
