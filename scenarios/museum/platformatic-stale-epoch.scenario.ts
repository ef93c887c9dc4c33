import { atLeastOnce, defineScenario } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * A correct consumer in a group of KIP-848. Whenever somebody joins, a member's epoch grows with
 * its next heartbeat; a commit that is under way meanwhile is refused (STALE_MEMBER_EPOCH), and
 * nobody tries it again with the new epoch.
 */
export default defineScenario({
  name: '@platformatic/kafka: a commit that meets a new epoch is not tried again',
  topics: { payments: { partitions: 1 } },
  records: { payments: 4 },
  consumers: 2,
  guarantee: atLeastOnce(),
  faults: ['slow-handler'],
  app: async (context) => {
    try {
      const stream = await streamOf(context, 'payments', { groupProtocol: 'consumer' })
      for await (const message of stream) {
        await context.effects.record(message, 'booked')
        await message.commit()
      }
    } finally {
      process.exit(1)
    }
  },
})
