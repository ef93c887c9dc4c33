import { atLeastOnce, defineScenario } from 'onceover'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Auto commit, and others do the work: the next `poll` commits it whether they are done or not. */
export default defineScenario({
  name: 'C04 auto commit, work outside the loop',
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
      handle: (records) => {
        for (const record of records) void context.effects.record(record, 'saved')
      },
    }),
})
