import { atLeastOnce, defineScenario } from 'onceover'
import { printReceipts } from './printer.ts'

/** Commits stop before a receipt that waits, also where it has been carried over a rebalance. */
export default defineScenario({
  name: 'M52 twin: receipts are committed up to what waits',
  topics: { receipts: { partitions: 2 } },
  records: { receipts: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) => printReceipts(context, { commitsPastCarried: false }),
})
