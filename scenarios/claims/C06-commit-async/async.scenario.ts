import { atLeastOnce } from 'onceover'
import { nextOf, ordersScenario, save } from '../../poll-loop/orders.ts'

/** Commits each record without waiting. Faults as for M05. */
export default ordersScenario('C06 commitAsync for each record', {
  guarantee: atLeastOnce({
    strict: true,
    allow: ['zombie-effect', 'commit-unowned', 'position-jump', 'wrong-resume', 'shutdown-hang'],
  }),
  faults: ['crash', 'rebalance', 'broker', 'store', 'request-delayed', 'answer-delayed'],
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      consumer.commitAsync(nextOf(record))
    }
  },
})
