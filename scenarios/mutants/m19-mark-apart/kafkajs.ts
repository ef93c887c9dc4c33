import { defineScenario, exactlyOnce } from 'onceover'
import { startService } from '../../service.ts'

/** Books a record in one transaction, and marks it as booked in the next. */
export default defineScenario({
  name: 'M19 invoices booked, then marked',
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
            if ((await tx.get('inbox', id)) === undefined) tx.effect({ topic, partition, offset }, 'booked')
          })
          await context.store.transaction((tx) => tx.put('inbox', id, true))
        },
      }),
    }),
})
