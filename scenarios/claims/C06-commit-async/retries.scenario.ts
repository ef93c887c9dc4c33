import { atLeastOnce } from 'onceover'
import { nextOf, ordersScenario, save } from '../../poll-loop/orders.ts'

/** A commit that failed is sent again by its callback, whatever came after it. */
export default ordersScenario('C06 commitAsync tried again by its callback', {
  guarantee: atLeastOnce({
    strict: true,
    allow: ['zombie-effect', 'commit-unowned', 'position-jump', 'wrong-resume', 'shutdown-hang'],
  }),
  faults: ['crash', 'rebalance', 'broker', 'store', 'request-delayed', 'answer-delayed'],
  handle: async (records, consumer, context) => {
    for (const record of records) {
      await save(context, record)
      consumer.commitAsync(nextOf(record), (offsets, error) => {
        if (error?.retriable) consumer.commitAsync(offsets)
      })
    }
  },
})
