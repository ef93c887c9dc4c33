import { atMostOnce, defineScenario } from 'onceover'
import { startService } from '../../service.ts'

/**
 * Commits the record's own offset instead of the next one: a restart repeats the last record of
 * each partition.
 */
export default defineScenario({
  name: 'M01 coupon mailer commits offset instead of offset + 1',
  topics: { coupons: { partitions: 1 } },
  records: { coupons: 4 },
  consumers: 2,
  guarantee: atMostOnce(),
  app: (context) =>
    startService(context, {
      group: 'mailer',
      topics: ['coupons'],
      run: () => ({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: async ({
          batch,
          resolveOffset,
          heartbeat,
          isRunning,
          isStale,
          commitOffsetsIfNecessary,
        }) => {
          const { topic, partition } = batch
          for (const { offset } of batch.messages) {
            if (!isRunning() || isStale()) break
            await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] })
            await context.effects.record({ topic, partition, offset }, 'mailed').catch(() => {})
            resolveOffset(offset)
            await heartbeat()
          }
        },
      }),
    }),
})
