import { type AppContext, atLeastOnce, defineScenario } from 'onceover'
import { runsUntilSigterm } from './polls-for-a-minute.ts'

/** Polls for a minute each, and is woken up by SIGTERM. */
export default defineScenario({
  name: 'C29 wakes its poll up',
  topics: { orders: { partitions: 1 } },
  records: { orders: 4 },
  consumers: 1,
  guarantee: atLeastOnce({ shutdownMs: 10_000 }),
  faults: ['rebalance'],
  app: (context: AppContext) => runsUntilSigterm(context, (consumer) => consumer.wakeup()),
})
