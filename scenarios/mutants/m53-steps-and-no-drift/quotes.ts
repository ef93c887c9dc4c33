import { performance } from 'node:perf_hooks'
import type { AppContext } from 'onceover'
import { startService } from '../../service.ts'

/** A quote that is older is of no use. */
const TOO_OLD_MS = 20_000
const LOOK_MS = 1_000

/** Quotes, one every ten seconds. */
export const QUOTES = {
  quotes: {
    count: 10,
    each: (index: number) => ({ value: `quote ${index}` }),
    at: (index: number) => index * 10_000,
  },
}

/**
 * The wall clock, corrected where it went another way than the monotonic one by more than
 * `unnoticedMs` since the last look.
 */
function watchedClock(unnoticedMs: number): () => number {
  const gap = (): number => Date.now() - performance.now()
  let lastGap = gap()
  let correction = 0
  const look = (): void => {
    const change = gap() - lastGap
    lastGap += change
    if (Math.abs(change) > unnoticedMs) correction += change
  }
  setInterval(look, LOOK_MS)
  return () => {
    look()
    return Date.now() - correction
  }
}

/** Takes quotes, but for those that are too old by its clock. */
export function takeQuotes(context: AppContext, { unnoticedMs }: { unnoticedMs: number }): Promise<void> {
  const now = watchedClock(unnoticedMs)
  return startService(context, {
    group: 'quotes',
    topics: ['quotes'],
    run: () => ({
      eachMessage: async ({ topic, partition, message: { offset, timestamp } }) => {
        if (now() - Number(timestamp) > TOO_OLD_MS) return
        await context.effects.record({ topic, partition, offset }, 'taken')
      },
    }),
  })
}
