import { atLeastOnce, defineScenario } from 'onceover'
import { startService } from '../service.ts'

const HEARTBEAT_MS = 3_000

/** A timer sends heartbeats whether or not the work goes on: a hanging call keeps its partition for ever. */
export default defineScenario({
  name: 'M09 geocoder keeps a hanging call alive',
  topics: { addresses: { partitions: 1 } },
  records: { addresses: [{ value: 'plain' }, { value: 'hangs once' }, { value: 'plain' }] },
  consumers: 1,
  guarantee: atLeastOnce(),
  app: (context) => {
    const tried = new Set<string>()
    /** Stands for a call without a time-out whose first try gets no answer. */
    const geocode = (key: string, value: string): Promise<void> => {
      if (value === 'plain' || tried.has(key)) return Promise.resolve()
      tried.add(key)
      return new Promise(() => {})
    }
    return startService(context, {
      group: 'geocoder',
      topics: ['addresses'],
      run: () => ({
        eachMessage: async ({ topic, partition, message, heartbeat }) => {
          const beating = setInterval(() => heartbeat().catch(() => {}), HEARTBEAT_MS)
          try {
            await geocode(`${partition}@${message.offset}`, String(message.value))
            await context.effects.record({ topic, partition, offset: message.offset }, 'geocoded')
          } finally {
            clearInterval(beating)
          }
        },
      }),
    })
  },
})
