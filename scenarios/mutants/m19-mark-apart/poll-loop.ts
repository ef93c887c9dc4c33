import { defineScenario, exactlyOnce } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Books a record in one transaction, and marks it as booked in the next. */
export default defineScenario({
  name: 'M19 on a poll loop: invoices booked, then marked',
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
          if ((await tx.get('inbox', id)) === undefined) tx.effect(record, 'booked')
        })
        await context.store.transaction((tx) => tx.put('inbox', id, true))
      }),
    }),
})
