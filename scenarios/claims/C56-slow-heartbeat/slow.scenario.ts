import { ordersScenario, save, sleep } from '../../poll-loop/orders.ts'

/** Works for 60 s on each record; its session is 10 s, and max.poll.interval.ms as by default. */
export default ordersScenario('C56 slow work in the loop', {
  records: 3,
  settings: { 'session.timeout.ms': 10_000, 'max.poll.records': 1 },
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await sleep(60_000)
      await save(context, record)
    }
    if (!records.isEmpty) await consumer.commitSync()
  },
})
