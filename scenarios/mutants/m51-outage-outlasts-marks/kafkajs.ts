import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** As long as the reviewer thought that a redelivery can take. */
const KEPT_MS = 600_000

/**
 * Marks what it has paid, in the transaction that pays it, for ten minutes. There is one process:
 * where it is away for longer, what it had not committed comes again, and the mark is gone.
 */
export default defineScenario({
  name: 'M51 payouts whose marks last ten minutes',
  topics: { payouts: { partitions: 1 } },
  records: { payouts: 4 },
  consumers: 1,
  guarantee: exactlyOnce(),
  expiriesMs: [KEPT_MS],
  app: (context) =>
    startService(context, {
      group: 'payouts',
      topics: ['payouts'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          const id = `${topic}/${partition}@${offset}`
          await context.store.transaction(async (tx) => {
            const markedAtMs = await tx.get('paid', id)
            if (markedAtMs !== undefined && Date.now() - Number(markedAtMs) < KEPT_MS) return
            await tx.put('paid', id, Date.now())
            tx.effect({ topic, partition, offset }, 'paid')
          })
        },
      }),
    }),
})
