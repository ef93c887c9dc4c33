import { defineScenario, exactlyOnce } from 'onceover'
import { sleep, startService } from '../../service.ts'

const BACKOFF_MS = 5_000

/**
 * Claims a record that failed before it tries again, so that nobody else does it meanwhile. A
 * process that is given a record that another one has claimed leaves it to that one, which may be
 * gone.
 */
export default defineScenario({
  name: 'M44 invoices: a claim outlives the process that made it',
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
                const claimed = await tx.get('claims', id)
                if (claimed !== undefined && claimed !== context.instance) return
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
