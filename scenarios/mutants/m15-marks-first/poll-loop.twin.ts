import { atLeastOnce, defineScenario } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Marks a record as seen in the transaction that does it. */
export default defineScenario({
  name: 'M15 twin on a poll loop: badges marked with their effect',
  topics: { badges: { partitions: 1 } },
  records: { badges: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startPollLoop(context, {
      group: 'badges',
      topics: ['badges'],
      handle: eachThenCommit(async (record) => {
        const id = `${record.topic}/${record.partition}@${record.offset}`
        await context.store.transaction(async (tx) => {
          if ((await tx.get('seen', id)) !== undefined) return
          await tx.put('seen', id, true)
          tx.effect(record, 'awarded')
        })
      }),
    }),
})
