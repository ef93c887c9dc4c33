import { atLeastOnce, defineScenario } from 'onceover'
import { next, startService } from '../../service.ts'

/**
 * Keeps a commit that was refused, and sends it with the next one. It is never forgotten: when the
 * partition has moved on meanwhile, the old offset takes its new owner back.
 */
export default defineScenario({
  name: 'M47 stock levels: a refused commit is sent when its partition has moved',
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
