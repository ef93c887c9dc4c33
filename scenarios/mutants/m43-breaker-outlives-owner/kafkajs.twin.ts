import { defineScenario, exactlyOnce } from 'onceover'
import { sleep, startService } from '../../service.ts'

const OPEN_MS = 5_000
const LOOK_MS = 1_000

/**
 * A circuit breaker that all processes share: the one whose payment is refused opens it until a
 * point in time, which is known to all.
 */
export default defineScenario({
  name: 'M43 twin: payments opens its breaker until a point in time',
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
          context.store.transaction(async (tx) => Number((await tx.get('breaker', 'bank')) ?? 0) > Date.now())
        const open = () => context.store.transaction((tx) => tx.put('breaker', 'bank', Date.now() + OPEN_MS))
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
              await open()
              throw error
            }
          },
        }
      },
    }),
})
