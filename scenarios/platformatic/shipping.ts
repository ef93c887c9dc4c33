import type { AppContext, EffectTarget } from 'onceover'

/** Stands for a `fetch` without a signal: where the answer is lost, its promise never settles. */
export function bookCarrier(context: AppContext, parcel: EffectTarget): Promise<void> {
  return context.effects.record(parcel, 'booked').catch((error: { readonly code?: string }) => {
    if (error.code === 'EFFECT_TIMEOUT') return new Promise<never>(() => {})
    throw error
  })
}
