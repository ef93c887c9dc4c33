import { defineScenario, exactlyOnce } from 'onceover'
import { startStreamService } from '../../platformatic/service.ts'

/** Books a record and marks it as booked in one transaction. */
export default defineScenario({
  name: 'M19 twin on @platformatic/kafka: invoices booked and marked at once',
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
          if ((await tx.get('inbox', id)) !== undefined) return
          tx.effect(message, 'booked')
          await tx.put('inbox', id, true)
        })
        await message.commit()
      },
    }),
})
