import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * eachBatch as kafkajs documents it: one record after the other, each resolved when it is done,
 * with a heartbeat between them, and out of the loop when the consumer stops or somebody seeks.
 * Order within a partition comes with it.
 */
export default defineScenario({
  name: 'search indexer: eachBatch with resolveOffset',
  topics: { products: { partitions: 2 } },
  records: { products: 8 },
  consumers: 2,
  brokers: 2,
  guarantee: atLeastOnce({ order: 'partition' }),
  app: (context) =>
    startService(context, {
      group: 'indexer',
      topics: ['products'],
      run: () => ({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
          const { topic, partition } = batch
          for (const { offset } of batch.messages) {
            if (!isRunning() || isStale()) break
            await context.effects.record({ topic, partition, offset }, 'indexed')
            resolveOffset(offset)
            await heartbeat()
          }
        },
      }),
    }),
})
