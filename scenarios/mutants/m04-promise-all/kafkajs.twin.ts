import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

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
        eachBatch: async ({ batch, resolveOffset }) => {
          const { topic, partition } = batch
          await Promise.all(
            batch.messages.map(({ offset }) =>
              context.effects.record({ topic, partition, offset }, 'rendered'),
            ),
          )
          resolveOffset(batch.lastOffset())
        },
      }),
    }),
})
