import { type AppContext, atLeastOnce, defineScenario, type EffectTarget } from 'onceover'
import { sleep, startService } from '../../service.ts'

const HEARTBEAT_MS = 3_000
const CALL_TIMEOUT_MS = 15_000

/**
 * The call has a timeout: when its answer is lost the handler fails, and the record is tried again.
 */
export default defineScenario({
  name: 'M09 twin: shipping gives a hanging call up',
  topics: { parcels: { partitions: 1 } },
  records: { parcels: 3 },
  consumers: 2,
  guarantee: atLeastOnce(),
  app: (context) =>
    startService(context, {
      group: 'shipping',
      topics: ['parcels'],
      run: () => ({
        eachMessage: async ({ topic, partition, message, heartbeat }) => {
          const beating = setInterval(() => heartbeat().catch(() => {}), HEARTBEAT_MS)
          try {
            const call = bookCarrier(context, { topic, partition, offset: message.offset })
            const late = sleep(CALL_TIMEOUT_MS).then(() => 'late')
            if ((await Promise.race([call, late])) === 'late') throw new Error('the carrier did not answer')
          } finally {
            clearInterval(beating)
          }
        },
      }),
    }),
})

/** Stands for a `fetch` without a signal: where the answer is lost, its promise never settles. */
function bookCarrier(context: AppContext, parcel: EffectTarget): Promise<void> {
  return context.effects.record(parcel, 'booked').catch((error: { readonly code?: string }) => {
    if (error.code === 'EFFECT_TIMEOUT') return new Promise<never>(() => {})
    throw error
  })
}
