import { type AppContext, atLeastOnce, defineScenario, type EffectTarget } from 'onceover'
import { startService } from '../../service.ts'

const HEARTBEAT_MS = 3_000

/**
 * Sends heartbeats from an interval, so that a slow partner does not cost it its partition; and its
 * HTTP client has no timeout. When an answer is lost the handler waits for ever, and the heartbeats
 * tell the group that all is well.
 */
export default defineScenario({
  name: 'M09 shipping keeps its session while a call hangs',
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
            await bookCarrier(context, { topic, partition, offset: message.offset })
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
