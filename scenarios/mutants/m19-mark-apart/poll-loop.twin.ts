import { defineScenario, exactlyOnce } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Books a record and marks it as booked in one transaction. */
export default defineScenario({
  name: 'M19 twin on a poll loop: invoices booked and marked at once',
  topics: { invoices: { partitions: 1 } },
  records: { invoices: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startPollLoop(context, {
      group: 'books',
      topics: ['invoices'],
      handle: eachThenCommit(async (record) => {
        const id = `${record.topic}/${record.partition}@${record.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('inbox', id)) !== undefined) return
          tx.effect(record, 'booked')
          await tx.put('inbox', id, true)
        })
      }),
    }),
})
