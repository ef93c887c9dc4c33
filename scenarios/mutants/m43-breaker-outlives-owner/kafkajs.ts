import { defineScenario, exactlyOnce } from 'onceover'
import { sleep, startService } from '../../service.ts'

const OPEN_MS = 5_000
const LOOK_MS = 1_000

/**
 * A circuit breaker that all processes share: the one whose payment is refused opens it, and closes
 * it after a while. A process that ends meanwhile leaves it open for ever.
 */
export default defineScenario({
  name: 'M43 payments: an open breaker outlives the process that opened it',
  topics: { payments: { partitions: 1 } },
  records: { payments: 3 },
  consumers: 2,
  guarantee: exactlyOnce(),
  app: (context) =>
    startService(context, {
      group: 'payments',
      topics: ['payments'],
      run: () => {
        const isOpen = () =>
          context.store.transaction(async (tx) => (await tx.get('breaker', 'bank')) === true)
        const set = (open: boolean) => context.store.transaction((tx) => tx.put('breaker', 'bank', open))
        return {
          eachMessage: async ({ topic, partition, message: { offset }, heartbeat }) => {
            const id = `${topic}/${partition}@${offset}`
            while (await isOpen()) {
              if (context.signal.aborted) throw new Error('shutting down')
              await sleep(LOOK_MS)
              await heartbeat()
            }
            try {
              await context.store.transaction(async (tx) => {
                if ((await tx.get('paid', id)) !== undefined) return
                await tx.put('paid', id, true)
                tx.effect({ topic, partition, offset }, 'paid')
              })
            } catch (error) {
              await set(true)
              setTimeout(() => set(false), OPEN_MS)
              throw error
            }
          },
        }
      },
    }),
})
