import { atLeastOnce, defineScenario } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/**
 * Marks a record as seen, as SET NX does, and then does it: what fails in between is never done.
 */
export default defineScenario({
  name: 'M15 on a poll loop: badges marked before they are done',
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
        const isNew = await context.store.transaction(async (tx) => {
          if ((await tx.get('seen', id)) !== undefined) return false
          await tx.put('seen', id, true)
          return true
        })
        if (isNew) await context.effects.record(record, 'awarded')
      }),
    }),
})
