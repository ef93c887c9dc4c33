import { nextOf, ordersScenario, save, sleep } from '../../poll-loop/orders.ts'

/** Works longer than max.poll.interval.ms after the first record, which is committed by then. */
export default ordersScenario('C09 polls too late', {
  records: 2,
  settings: { 'max.poll.interval.ms': 30_000, 'max.poll.records': 1 },
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      await consumer.commitSync(nextOf(record))
      if (record.offset === 0n) await sleep(40_000)
    }
  },
})
