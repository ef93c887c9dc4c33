import { atLeastOnce, defineScenario } from 'onceover'
import { streamOf } from './platformatic.ts'

/**
 * A consumer that waits for each commit, so that no two overlap. A commit that is refused since the
 * group has gone on without this member is sent again by the client, as soon as it has joined: what
 * its successor has committed meanwhile falls back.
 */
export default defineScenario({
  name: '@platformatic/kafka: a refused commit is sent again in the next generation',
  topics: { payments: { partitions: 1 } },
  records: { payments: 4 },
  consumers: 2,
  guarantee: atLeastOnce({
    strict: true,
    allow: ['zombie-effect', 'commit-unowned', 'position-jump', 'wrong-resume', 'shutdown-hang'],
  }),
  faults: ['pause'],
  app: async (context) => {
    try {
      const stream = await streamOf(context, 'payments')
      for await (const message of stream) {
        await context.effects.record(message, 'booked')
        await message.commit()
      }
    } finally {
      process.exit(1)
    }
  },
})
