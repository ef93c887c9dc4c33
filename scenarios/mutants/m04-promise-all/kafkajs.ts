import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Resolves each offset as its own work ends, in any order: a later one vouches for an earlier one
 * that fails.
 */
export default defineScenario({
  name: 'M04 thumbnailer resolves offsets inside Promise.all',
  topics: { images: { partitions: 1 } },
  records: { images: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'thumbnails',
      topics: ['images'],
      run: () => ({
        eachBatch: async ({ batch, resolveOffset }) => {
          const { topic, partition } = batch
          await Promise.all(
            batch.messages.map(async ({ offset }) => {
              await context.effects.record({ topic, partition, offset }, 'rendered')
              resolveOffset(offset)
            }),
          )
        },
      }),
    }),
})
