import { defineScenario, exactlyOnce } from 'onceover'
import { sleep, startService } from '../../service.ts'

const BACKOFF_MS = 5_000

/** Looks into its inbox in each attempt, in the transaction that does the work. */
export default defineScenario({
  name: 'M42 twin: refunds looks again with each attempt',
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
          for (;;) {
            try {
              await context.store.transaction(async (tx) => {
                if ((await tx.get('inbox', id)) !== undefined) return
                await tx.put('inbox', id, true)
                tx.effect({ topic, partition, offset }, 'refunded')
              })
              return
            } catch (error) {
              if (!(error instanceof Error && 'code' in error && error.code === 'FAILED')) throw error
              await sleep(BACKOFF_MS)
            }
          }
        },
      }),
    }),
})
