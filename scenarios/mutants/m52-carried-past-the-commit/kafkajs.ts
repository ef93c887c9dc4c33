import { atLeastOnce, defineScenario } from 'onceover'
import { printReceipts } from './printer.ts'

/**
 * A refused receipt waits for its second try, and commits stop before it. A rebalance moves what
 * waits to another list, since its partitions may be gone; when a record comes again that waits
 * there, the process takes it as cared for, and commits past it. If it ends before the second
 * try, the receipt is lost: three faults in order, each of which the service survives alone.
 */
export default defineScenario({
  name: 'M52 receipts: carried over a rebalance and committed past',
  topics: { receipts: { partitions: 2 } },
  records: { receipts: 8 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) => printReceipts(context, { commitsPastCarried: true }),
})
