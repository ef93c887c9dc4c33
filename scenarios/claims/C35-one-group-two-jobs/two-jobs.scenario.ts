import { atLeastOnce, defineScenario } from 'onceover'
import { startPollLoop } from '../../poll-loop/service.ts'

/** One group, two jobs: a process for each topic. */
export default defineScenario({
  name: 'C35 one group, two jobs',
  topics: { products: { partitions: 2 }, stock: { partitions: 2 } },
  records: { products: 6, stock: 6 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['crash', 'rebalance'],
  app: (context) =>
    startPollLoop(context, {
      group: 'indexing',
      topics: [context.instance === 'consumer-0' ? 'products' : 'stock'],
      handle: async (records, consumer) => {
        for (const record of records) await context.effects.record(record, 'indexed')
        if (!records.isEmpty) await consumer.commitSync()
      },
    }),
})
