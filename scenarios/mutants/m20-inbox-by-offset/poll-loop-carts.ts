import type { AppContext } from 'onceover'
import type { ConsumerRecord } from 'onceover/poll-loop'
import { eachThenCommit } from '../../poll-loop/each.ts'
import { startPollLoop } from '../../poll-loop/service.ts'

/** Delivers each order once, as far as `keyOf` tells orders apart. */
export function deliveriesOfLoop(
  context: AppContext,
  keyOf: (order: ConsumerRecord) => string,
): Promise<void> {
  return startPollLoop(context, {
    group: 'deliveries',
    topics: ['orders'],
    handle: eachThenCommit(async (record) => {
      const key = keyOf(record)
      await context.store.transaction(async (tx) => {
        if ((await tx.get('inbox', key)) !== undefined) return
        await tx.put('inbox', key, true)
        tx.effect(record, 'delivered')
      })
    }),
  })
}
