import { defineScenario, exactlyOnce } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Longer than any outage. */
const KEPT_MS = 7 * 24 * 3_600_000

/** Marks what is done, in the transaction that does it, and forgets marks that are older. */
export default defineScenario({
  name: 'M16 twin on a poll loop: refunds whose marks outlast any outage',
  topics: { refunds: { partitions: 1 } },
  records: { refunds: 4 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startPollLoop(context, {
      group: 'refunds',
      topics: ['refunds'],
      handle: eachThenCommit(async (record) => {
        const id = `${record.topic}/${record.partition}@${record.offset}`
        await context.store.transaction(async (tx) => {
          const markedAtMs = Number((await tx.get('seen', id)) ?? -Infinity)
          if (Date.now() - markedAtMs < KEPT_MS) return
          await tx.put('seen', id, Date.now())
          tx.effect(record, 'refunded')
        })
      }),
    }),
})
