import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/** Works in parallel, and resolves in order once all of it is done. */
export default defineScenario({
  name: 'M04 twin: thumbnailer resolves offsets once the whole batch is done',
  topics: { images: { partitions: 1 } },
  records: { images: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'thumbnails',
      topics: ['images'],
      run: () => ({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
          const { topic, partition } = batch
          await Promise.all(
            batch.messages.map(({ offset }) =>
              context.effects.record({ topic, partition, offset }, 'rendered'),
            ),
          )
          for (const { offset } of batch.messages) resolveOffset(offset)
          await heartbeat()
        },
      }),
    }),
})
