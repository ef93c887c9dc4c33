import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** The time after which Kafka forgets the records themselves. */
const KEPT_MS = 7 * 24 * 3_600_000

/**
 * Marks what it has paid, in the transaction that pays it, for as long as the record
 * itself can come again.
 */
export default defineScenario({
  name: 'M51 twin: payouts whose marks last as long as the records',
  topics: { payouts: { partitions: 1 } },
  records: { payouts: 4 },
  consumers: 1,
  guarantee: exactlyOnce(),
  expiriesMs: [600_000],
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
