import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/** Seeks past what has failed, to go on: it is left out for good. */
export default defineScenario({
  name: 'M30 tickets: seeks past what has failed',
  topics: { tickets: { partitions: 1 } },
  records: { tickets: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'tickets',
      topics: ['tickets'],
      run: (consumer) => ({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch: { topic, partition, messages }, resolveOffset, heartbeat }) => {
          for (const { offset } of messages) {
            try {
              await context.effects.record({ topic, partition, offset }, 'printed')
            } catch {
              consumer.seek({ topic, partition, offset: next(offset) })
              return
            }
            resolveOffset(offset)
            await heartbeat()
          }
        },
      }),
    }),
})
