import { atLeastOnce, defineScenario } from 'onceover'
import { next, sleep, startService } from '../../service.ts'

const OPEN_MS = 5_000
const LOOK_MS = 1_000

/**
 * A circuit breaker in memory: a refused quote opens it, and a timer closes it. A rebalance clears
 * the timer, as timers of an assignment should be, and leaves the breaker open for ever.
 */
export default defineScenario({
  name: 'M48 quotes: a breaker stays open after a rebalance',
  topics: { quotes: { partitions: 2 } },
  records: { quotes: 6 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'quotes',
      topics: ['quotes'],
      run: (consumer) => {
        let isOpen = false
        let closing: NodeJS.Timeout | undefined
        const close = () => {
          clearTimeout(closing)
          isOpen = false
        }
        const open = () => {
          isOpen = true
          closing = setTimeout(close, OPEN_MS)
        }
        consumer.on(consumer.events.REBALANCING, () => clearTimeout(closing))
        return {
          autoCommit: false,
          eachMessage: async ({ topic, partition, message: { offset }, heartbeat }) => {
            while (isOpen) {
              await sleep(LOOK_MS)
              await heartbeat()
            }
            try {
              await context.effects.record({ topic, partition, offset }, 'quoted')
            } catch (error) {
              open()
              throw error
            }
            await consumer.commitOffsets([{ topic, partition, offset: next(offset) }])
          },
        }
      },
    }),
})
