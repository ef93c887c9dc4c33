import { defineScenario, exactlyOnce } from 'onceover'
import { sleep, startService } from '../../service.ts'

const BACKOFF_MS = 5_000

/**
 * Looks into its inbox when a record comes, and not again when it tries again after a while: the
 * partition may have gone to another process meanwhile, which has done the work.
 */
export default defineScenario({
  name: 'M42 refunds: the second attempt does not look again',
  topics: { refunds: { partitions: 1 } },
  records: { refunds: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'refunds',
      topics: ['refunds'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          const id = `${topic}/${partition}@${offset}`
          let looked = false
          for (;;) {
            try {
              await context.store.transaction(async (tx) => {
                if (!looked && (await tx.get('inbox', id)) !== undefined) return
                await tx.put('inbox', id, true)
                tx.effect({ topic, partition, offset }, 'refunded')
              })
              return
            } catch (error) {
              // Nothing was written: the row is not there.
              if (!(error instanceof Error && 'code' in error && error.code === 'FAILED')) throw error
              looked = true
              await sleep(BACKOFF_MS)
            }
          }
        },
      }),
    }),
})
