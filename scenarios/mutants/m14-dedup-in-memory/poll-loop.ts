import { defineScenario, exactlyOnce } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Remembers what it has done in memory: another process, or the next one, knows nothing of it. */
export default defineScenario({
  name: 'M14 on a poll loop: vouchers remembered in memory',
  topics: { vouchers: { partitions: 1 } },
  records: { vouchers: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) => {
    const seen = new Set<string>()
    return startPollLoop(context, {
      group: 'vouchers',
      topics: ['vouchers'],
      handle: eachThenCommit(async (record) => {
        const id = `${record.topic}/${record.partition}@${record.offset}`
        if (!seen.has(id)) {
          await context.store.transaction(async (tx) => {
            tx.effect(record, 'credited')
          })
        }
        seen.add(id)
      }),
    })
  },
})
