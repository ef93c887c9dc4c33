import { atLeastOnce, defineScenario, type Scenario } from 'onceover'
import { startService } from '../../service.ts'

/** The log begins at 2^53 + 1, the first whole number that JavaScript's numbers leave out. */
export const FIRST_OFFSET = 2n ** 53n + 1n

/** Commits each record by itself, with the offset that `next` makes of its own. */
export function ordersBeyond(name: string, next: (offset: string) => string): Scenario {
  return defineScenario({
    name,
    topics: { orders: { partitions: 1, startOffset: FIRST_OFFSET } },
    records: { orders: 6 },
    consumers: 1,
    guarantee: atLeastOnce(),
    app: (context) =>
      startService(context, {
        group: 'orders',
        topics: ['orders'],
        run: (consumer) => ({
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { offset } }) => {
            await context.effects.record({ topic, partition, offset }, 'saved')
            await consumer.commitOffsets([{ topic, partition, offset: next(offset) }])
          },
        }),
      }),
  })
}
