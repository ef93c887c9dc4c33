import { atLeastOnce, defineScenario } from 'onceover'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Auto commit, and every record is done before the next `poll`: what is committed is done. */
export default defineScenario({
  name: 'C04 auto commit, work in the loop',
  topics: { orders: { partitions: 1 } },
  records: { orders: 6 },
  consumers: 1,
  guarantee: atLeastOnce(),
  faults: ['crash', 'rebalance', 'network', 'store'],
  app: (context) =>
    startPollLoop(context, {
      group: 'orders',
      topics: ['orders'],
      settings: { 'enable.auto.commit': true, 'auto.commit.interval.ms': 100 },
      handle: async (records) => {
        for (const record of records) await context.effects.record(record, 'saved')
      },
    }),
})
