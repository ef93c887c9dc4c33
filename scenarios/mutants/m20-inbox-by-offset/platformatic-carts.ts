import type { AppContext } from 'onceover'
import type { TextMessage } from '../../platformatic/messages.ts'
import { startStreamService } from '../../platformatic/service.ts'

/** Delivers each order once, as far as `keyOf` tells orders apart. */
export function deliveriesOfStream(
  context: AppContext,
  keyOf: (order: TextMessage) => string,
): Promise<void> {
  return startStreamService(context, {
    group: 'deliveries',
    topics: ['orders'],
    handle: async (message) => {
      const key = keyOf(message)
      await context.store.transaction(async (tx) => {
        if ((await tx.get('inbox', key)) !== undefined) return
        await tx.put('inbox', key, true)
        tx.effect(message, 'delivered')
      })
      await message.commit()
    },
  })
}
