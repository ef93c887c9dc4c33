import { atLeastOnce, defineScenario } from 'onceover'
import { sleep, startService } from '../service.ts'

const HEARTBEAT_MS = 3_000
const CALL_TIMEOUT_MS = 15_000

/** The call has a time-out: when it hangs, the handler fails and the record is tried again. */
export default defineScenario({
  name: 'M09 twin: geocoder gives a hanging call up',
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
    const timeout = async (): Promise<never> => {
      await sleep(CALL_TIMEOUT_MS)
      throw new Error('the geocoder did not answer in time')
    }
    return startService(context, {
      group: 'geocoder',
      topics: ['addresses'],
      run: () => ({
        eachMessage: async ({ topic, partition, message, heartbeat }) => {
          const beating = setInterval(() => heartbeat().catch(() => {}), HEARTBEAT_MS)
          try {
            const late = timeout()
            late.catch(() => {})
            await Promise.race([geocode(`${partition}@${message.offset}`, String(message.value)), late])
            await context.effects.record({ topic, partition, offset: message.offset }, 'geocoded')
          } finally {
            clearInterval(beating)
          }
        },
      }),
    })
  },
})
