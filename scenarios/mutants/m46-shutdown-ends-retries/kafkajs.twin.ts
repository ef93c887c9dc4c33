import { atLeastOnce, defineScenario } from 'onceover'
import { sleep, startService } from '../../service.ts'

const BACKOFF_MS = 1_000

/**
 * Tries again until it succeeds, or until SIGTERM: then its handler fails, and nothing is
 * committed.
 */
export default defineScenario({
  name: 'M46 twin: loyalty points fails what SIGTERM cuts short',
  topics: { points: { partitions: 1 } },
  records: { points: 5 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'points',
      topics: ['points'],
      run: () => ({
        eachMessage: async ({ topic, partition, message: { offset } }) => {
          while (!context.signal.aborted) {
            try {
              return await context.effects.record({ topic, partition, offset }, 'added')
            } catch {
              await sleep(BACKOFF_MS)
            }
          }
          throw new Error('shutting down')
        },
      }),
    }),
})
