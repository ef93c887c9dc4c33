import { atLeastOnce, defineScenario } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * A correct consumer. The client asks for metadata every few seconds and sees the new partition in
 * it, but no member of a classic group joins again because of that: nobody is given it until
 * something else makes the group rebalance.
 */
export default defineScenario({
  name: '@platformatic/kafka: a classic group never takes new partitions',
  topics: { payments: { partitions: 1 } },
  records: { payments: 2 },
  consumers: 1,
  guarantee: atLeastOnce(),
  faults: ['partitions-added'],
  app: async (context) => {
    for await (const message of await streamOf(context, 'payments')) {
      await context.effects.record(message, 'booked')
      await message.commit()
    }
  },
})
