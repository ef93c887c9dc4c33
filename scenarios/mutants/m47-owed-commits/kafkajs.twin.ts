import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/**
 * Keeps a commit that was refused, and sends it with the next one, unless the group has moved on
 * meanwhile.
 */
export default defineScenario({
  name: 'M47 twin: stock levels forgets a refused commit with its assignment',
  topics: { stock: { partitions: 2 } },
  records: { stock: 8 },
  consumers: 2,
  guarantee: atLeastOnce({
    strict: true,
    allow: [
      'duplicate-effect',
      'zombie-effect',
      'commit-unowned',
      'position-jump',
      'wrong-resume',
      'two-owners',
      'shutdown-hang',
    ],
  }),
  app: (context) =>
    startService(context, {
      group: 'stock',
      topics: ['stock'],
      run: (consumer) => {
        const owed = new Map<number, string>()
        consumer.on(consumer.events.REBALANCING, () => owed.clear())
        consumer.on(consumer.events.GROUP_JOIN, () => owed.clear())
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { offset } }) => {
            await context.effects.record({ topic, partition, offset }, 'counted')
            owed.set(partition, next(offset))
            const commits = [...owed].map(([each, upTo]) => ({ topic, partition: each, offset: upTo }))
            try {
              await consumer.commitOffsets(commits)
              owed.clear()
            } catch (error) {
              console.error('committed later', error)
            }
          },
        }
      },
    }),
})
