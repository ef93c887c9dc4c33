import { defineScenario, exactlyOnce } from 'onceover'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Shorter than an outage may last. */
const KEPT_MS = 10_000

/** Marks what is done, in the transaction that does it, and forgets marks that are older. */
export default defineScenario({
  name: 'M16 on a poll loop: refunds whose marks expire before the redelivery',
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
