import { defineScenario, exactlyOnce } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Enters a record unless the ledger has it, in one transaction, as a unique key would. */
export default defineScenario({
  name: 'M18 twin on a poll loop: deposits entered once',
  topics: { deposits: { partitions: 1 } },
  records: { deposits: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startPollLoop(context, {
      group: 'ledger',
      topics: ['deposits'],
      handle: eachThenCommit(async (record) => {
        const id = `${record.topic}/${record.partition}@${record.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('ledger', id)) !== undefined) return
          await tx.put('ledger', id, true)
          tx.effect(record, 'entered')
        })
      }),
    }),
})
