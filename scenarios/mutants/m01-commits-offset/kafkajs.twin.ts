import { atMostOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/**
 * Commits the next offset, and mails only once that is acknowledged; a coupon may be lost, and is
 * never mailed twice.
 */
export default defineScenario({
  name: 'M01 twin: coupon mailer commits the next offset',
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
            await commitOffsetsIfNecessary({
              topics: [{ topic, partitions: [{ partition, offset: next(offset) }] }],
            })
            await context.effects.record({ topic, partition, offset }, 'mailed').catch(() => {})
            resolveOffset(offset)
            await heartbeat()
          }
        },
      }),
    }),
})
