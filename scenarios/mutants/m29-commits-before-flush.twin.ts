import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

const FLUSH_AT = 3

/** Writes what it has collected before it resolves any of it. */
export default defineScenario({
  name: 'M29 twin: metrics writer flushes before it commits',
  topics: { metrics: { partitions: 1 } },
  records: { metrics: 4 },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'metrics',
      topics: ['metrics'],
      run: () => ({
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
          const { topic, partition, messages } = batch
          for (let start = 0; start < messages.length && isRunning() && !isStale(); start += FLUSH_AT) {
            const chunk = messages.slice(start, start + FLUSH_AT)
            for (const { offset } of chunk)
              await context.effects.record({ topic, partition, offset }, 'written')
            for (const { offset } of chunk) resolveOffset(offset)
            await heartbeat()
          }
        },
      }),
    }),
})
