import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Books a record in one transaction, and marks it as booked in the next. */
export default defineScenario({
  name: 'M19 on @platformatic/kafka: invoices booked, then marked',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startStreamService(context, {
      group: 'books',
      topics: ['invoices'],
      handle: async (message) => {
        const id = `${message.topic}/${message.partition}@${message.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('inbox', id)) === undefined) tx.effect(message, 'booked')
        })
        await context.store.transaction((tx) => tx.put('inbox', id, true))
        await message.commit()
      },
    }),
})
