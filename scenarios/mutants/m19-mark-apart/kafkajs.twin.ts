import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** Books a record and marks it as booked in one transaction. */
export default defineScenario({
  name: 'M19 twin: invoices booked and marked at once',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'books',
      topics: ['invoices'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          const id = `${topic}/${partition}@${offset}`
          await context.store.transaction(async (tx) => {
            if ((await tx.get('inbox', id)) !== undefined) return
            tx.effect({ topic, partition, offset }, 'booked')
            await tx.put('inbox', id, true)
          })
        },
      }),
    }),
})
