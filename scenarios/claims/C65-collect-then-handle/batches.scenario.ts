import { atLeastOnce } from 'onceover'
import { ordersScenario, save, sleep } from '../../poll-loop/orders.ts'

/** Five records for each poll, each of which takes 5 s. */
export default ordersScenario('C65 batch by batch', {
  records: 60,
  guarantee: atLeastOnce({ inFlightMax: 5 }),
  settings: { 'max.poll.records': 5 },
  handle: async (records, consumer, context) => {
    const all = [...records].map(async (record) => {
      await sleep(5_000)
      await save(context, record)
    })
    await Promise.all(all)
    if (!records.isEmpty) await consumer.commitSync()
  },
})
