import { atLeastOnce, defineScenario } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * A correct consumer that nothing but a rebalance disturbs. When the client has joined again it
 * reads from the committed offset, and goes on handing over what it had read before: the same
 * records come twice, to the same process, in the same assignment.
 */
export default defineScenario({
  name: '@platformatic/kafka: a rejoin delivers what is in the buffer twice',
  topics: { payments: { partitions: 1 } },
  records: { payments: 6 },
  consumers: 1,
  guarantee: atLeastOnce(),
  faults: ['pause'],
  app: async (context) => {
    for await (const message of await streamOf(context, 'payments')) {
      await context.effects.record(message, 'booked')
      await message.commit()
    }
  },
})
