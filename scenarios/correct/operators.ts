import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

/**
 * An operator deletes records: a consumer that is out of range begins at the first record that is
 * there (`fromBeginning: true`), and records that were deleted unread are nobody's to process.
 */
export default defineScenario({
  name: 'notifications: an operator deletes',
  topics: { notifications: { partitions: 2 } },
  records: {
    notifications: () =>
      Array.from({ length: 10 }, (_, index) => ({
        value: JSON.stringify({ notification: index }),
        partition: index % 2,
        atMs: index < 6 ? 0 : index * 3_000,
      })),
  },
  consumers: 2,
  faults: ['records-deleted', 'crash', 'rebalance', 'network', 'handler', 'store'],
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'notifications',
      topics: ['notifications'],
      run: () => ({
        eachMessage: async ({ topic, partition, message }) => {
          await context.effects.record({ topic, partition, offset: message.offset }, 'sent')
        },
      }),
    }),
})
