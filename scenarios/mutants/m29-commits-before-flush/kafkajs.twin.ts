import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

const FLUSH_AT = 3

/**
 * Commits what it has written, and nothing else. What it holds in memory never outlives the
 * handler, so that a rebalance finds nothing of it: what would be written after the partition was
 * given again would be written twice.
 */
export default defineScenario({
  name: 'M29 twin: metrics writer flushes before it commits',
  topics: { metrics: { partitions: 1 } },
  records: { metrics: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'metrics',
      topics: ['metrics'],
      run: (consumer) => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({ batch, isRunning, isStale, resolveOffset, heartbeat }) => {
          const { topic, partition, messages } = batch
          for (let at = 0; at < messages.length && isRunning() && !isStale(); at += FLUSH_AT) {
            const buffer = messages
              .slice(at, at + FLUSH_AT)
              .map(({ offset }) => ({ topic, partition, offset }))
            for (const point of buffer) await context.effects.record(point, 'written')
            const last = buffer.at(-1)?.offset ?? batch.lastOffset()
            await consumer.commitOffsets([{ topic, partition, offset: next(last) }])
            resolveOffset(last)
            await heartbeat()
          }
        },
      }),
    }),
})
