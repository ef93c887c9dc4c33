import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/** Seeks back to what has failed, and resolves nothing before it is done. */
export default defineScenario({
  name: 'M30 twin: tickets: seeks back to what has failed',
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
              consumer.seek({ topic, partition, offset })
              return
            }
            resolveOffset(offset)
            await heartbeat()
          }
        },
      }),
    }),
})
