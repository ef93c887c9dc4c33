import { defineScenario, exactlyOnce } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Remembers what it has done in its database, in the transaction that does it. */
export default defineScenario({
  name: 'M14 twin on a poll loop: vouchers remembered in the database',
  topics: { vouchers: { partitions: 1 } },
  records: { vouchers: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startPollLoop(context, {
      group: 'vouchers',
      topics: ['vouchers'],
      handle: eachThenCommit(async (record) => {
        const id = `${record.topic}/${record.partition}@${record.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('seen', id)) !== undefined) return
          await tx.put('seen', id, true)
          tx.effect(record, 'credited')
        })
      }),
    }),
})
