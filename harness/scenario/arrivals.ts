import { UsageError } from '../core/errors.ts'
import type { Arrivals } from '../core/scenario.ts'
import type { Stream } from '../core/seed.ts'

/** A stretch of time in which records come at one rate; at rate 0 none comes. */
export interface ArrivalPhase {
  readonly perSecond: number
  readonly forMs: number
}

/**
 * Times for records that come phase after phase, and then from the first phase again: a burst is a
 * short phase with a high rate, a pause one with rate 0.
 * @throws UsageError `bad-scenario` where no record comes in any phase
 */
export function arrivals(phases: readonly ArrivalPhase[]): Arrivals {
  const timesMs: number[] = []
  let startMs = 0
  for (const { perSecond, forMs } of phases) {
    const count = Math.floor((perSecond * forMs) / 1000)
    for (let index = 0; index < count; index += 1) timesMs.push(startMs + (index * 1000) / perSecond)
    startMs += forMs
  }
  if (timesMs.length === 0)
    throw new UsageError(
      'bad-scenario',
      'no record comes in any phase of arrivals; write arrivals([{ perSecond: 10, forMs: 5_000 }, { perSecond: 0, forMs: 60_000 }])',
    )
  return (index) => {
    const rounds = Math.floor(index / timesMs.length)
    return Math.round(rounds * startMs + (timesMs[index % timesMs.length] ?? 0))
  }
}

/** The same times, but that one record in so many comes later, behind others that follow it. */
export function late(
  at: Arrivals,
  { oneIn, byMs }: { readonly oneIn: number; readonly byMs: number },
): Arrivals {
  return (index, random) => at(index, random) + (random.oneIn(1, oneIn) ? byMs : 0)
}

/** Keys `key-0` to `key-<keys - 1>`, of which the first is drawn so many times in a hundred. */
export function hotKeys({
  keys,
  hotPercent,
}: {
  readonly keys: number
  readonly hotPercent: number
}): (random: Stream) => string {
  return (random) => (random.oneIn(hotPercent, 100) ? 'key-0' : `key-${random.below(keys)}`)
}
