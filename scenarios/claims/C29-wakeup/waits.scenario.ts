import { type AppContext, atLeastOnce, defineScenario } from 'onceover'
import { runsUntilSigterm } from './polls-for-a-minute.ts'

/** Polls for a minute each, and looks for SIGTERM between two polls. */
export default defineScenario({
  name: 'C29 waits for its poll',
  topics: { orders: { partitions: 1 } },
  records: { orders: 4 },
  consumers: 1,
  guarantee: atLeastOnce({ shutdownMs: 10_000 }),
  faults: ['rebalance'],
  app: (context: AppContext) => runsUntilSigterm(context, () => {}),
})
