import { atLeastOnce, defineScenario } from 'onceover'
import { clientOf, consume } from './kafkajs.ts'

/**
 * The plainest correct consumer. When the answer to a SyncGroup is lost after a rebalance, kafkajs
 * 2.2.4 tries again from its fetch loop: with the previous assignment and the current generation.
 * Its heartbeats are in order, so nobody tells it; what it has been assigned since belongs to
 * nobody, and what it reads belongs to somebody else.
 */
export default defineScenario({
  name: 'kafkajs: the answer to SyncGroup is lost',
  topics: { payments: { partitions: 2 } },
  records: { payments: 2 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    consume(clientOf(context), {
      groupId: 'ledger',
      topic: 'payments',
      eachMessage: async ({ topic, partition, message }) => {
        await context.effects.record({ topic, partition, offset: message.offset }, 'booked')
      },
    }),
})
