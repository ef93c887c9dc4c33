import { defineScenario, exactlyOnce } from 'onceover'
import { sleep, startService } from '../../service.ts'

const BACKOFF_MS = 5_000

/**
 * Claims a record that failed before it tries again. The next owner of the record takes the
 * claim over with the partition: what has been sent says so in the transaction that sends it.
 */
export default defineScenario({
  name: 'M44 twin: invoices takes a claim over with the partition',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'invoices',
      topics: ['invoices'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset }, heartbeat }) => {
          const id = `${topic}/${partition}@${offset}`
          for (;;) {
            try {
              return await context.store.transaction(async (tx) => {
                if ((await tx.get('sent', id)) !== undefined) return
                await tx.put('sent', id, true)
                tx.effect({ topic, partition, offset }, 'sent')
              })
            } catch {
              await context.store.transaction((tx) => tx.put('claims', id, context.instance))
              await sleep(BACKOFF_MS)
              await heartbeat()
            }
          }
        },
      }),
    }),
})
