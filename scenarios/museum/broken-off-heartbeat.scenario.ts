import { atLeastOnce, defineScenario } from 'onceover'
import { clientOf, consume } from './kafkajs.ts'

/** By then the consumer has had nothing to do for a while, as most have at night. */
const LATER_MS = 20_000

/**
 * The plainest correct consumer, with two brokers to fetch from, and nothing to do. The connection
 * of its heartbeat breaks. See README.md, finding 15.
 */
export default defineScenario({
  name: "kafkajs: the connection of an idle consumer's heartbeat breaks",
  topics: { payments: { partitions: 2 } },
  records: {
    payments: [
      { value: '1' },
      { value: '2' },
      { value: '3', atMs: LATER_MS },
      { value: '4', atMs: LATER_MS },
    ],
  },
  consumers: 1,
  brokers: 2,
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
