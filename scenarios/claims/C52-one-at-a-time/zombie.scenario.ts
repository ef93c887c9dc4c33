import { atLeastOnce } from 'onceover'
import { ordersScenario, save, sleep } from '../../poll-loop/orders.ts'

/** A correct service of two processes, held against: no effect by a former owner. */
export default ordersScenario('C52 nobody else works on it', {
  consumers: 2,
  guarantee: atLeastOnce({
    strict: true,
    allow: [
      'commit-unowned',
      'commit-regression',
      'position-jump',
      'wrong-resume',
      'shutdown-hang',
      'duplicate-effect',
      'two-owners',
      'rebalance-storm',
    ],
  }),
  faults: ['pause'],
  settings: { 'session.timeout.ms': 10_000, 'max.poll.records': 1 },
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await sleep(2_000)
      await save(context, record)
    }
    if (!records.isEmpty) await consumer.commitSync()
  },
})
