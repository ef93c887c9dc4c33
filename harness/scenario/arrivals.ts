import { UsageError } from '../core/errors.ts'
import type { Arrivals } from '../core/scenario.ts'
import type { Stream } from '../core/seed.ts'

/** More than a scenario may have. */
const RECORDS_MAX = 1_000_000
/** Four months in milliseconds; more is a slip. */
const MOST = 10_000_000_000

interface Range {
  readonly from: number
  readonly to: number
}

/** @throws UsageError `bad-scenario` where it is no number, or out of range */
function demand(what: string, value: unknown, { from, to }: Range): void {
  if (typeof value === 'number' && value >= from && value <= to) return
  throw new UsageError('bad-scenario', `${what} is ${String(value)}; write a number from ${from} to ${to}`)
}

/** Chance is drawn in whole numbers, and so are times. @throws UsageError `bad-scenario` */
function demandWhole(what: string, value: unknown, { from, to }: Range): void {
  if (Number.isInteger(value)) return demand(what, value, { from, to })
  throw new UsageError(
    'bad-scenario',
    `${what} is ${String(value)}; write a whole number from ${from} to ${to}`,
  )
}

/** A stretch of time in which records come at one rate; at rate 0 none comes. */
export interface ArrivalPhase {
  readonly perSecond: number
  readonly forMs: number
}

/**
 * Times for records that come phase after phase, and then from the first phase again: a burst is a
 * short phase with a high rate, a pause one with rate 0.
 * @throws UsageError `bad-scenario` where no record comes in any phase, or a number is out of range
 */
export function arrivals(phases: readonly ArrivalPhase[]): Arrivals {
  const timesMs: number[] = []
  let startMs = 0
  for (const [index, { perSecond, forMs }] of phases.entries()) {
    demand(`arrivals: perSecond of phase ${index + 1}`, perSecond, { from: 0, to: MOST })
    demand(`arrivals: forMs of phase ${index + 1}`, forMs, { from: 1, to: MOST })
    const count = Math.floor((perSecond * forMs) / 1000)
    demand(`arrivals: records of phase ${index + 1}`, count, { from: 0, to: RECORDS_MAX })
    for (let nth = 0; nth < count; nth += 1) timesMs.push(startMs + (nth * 1000) / perSecond)
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

/**
 * The same times, but that one record in so many comes later, behind others that follow it.
 * @throws UsageError `bad-scenario` where a number is out of range
 */
export function late(
  at: Arrivals,
  { oneIn, byMs }: { readonly oneIn: number; readonly byMs: number },
): Arrivals {
  demandWhole('late: oneIn', oneIn, { from: 1, to: RECORDS_MAX })
  demandWhole('late: byMs', byMs, { from: 0, to: MOST })
  return (index, random) => at(index, random) + (random.oneIn(1, oneIn) ? byMs : 0)
}

/**
 * Keys `key-0` to `key-<keys - 1>`, of which the first is drawn so many times in a hundred.
 * @throws UsageError `bad-scenario` where a number is out of range
 */
export function hotKeys({
  keys,
  hotPercent,
}: {
  readonly keys: number
  readonly hotPercent: number
}): (random: Stream) => string {
  demandWhole('hotKeys: keys', keys, { from: 1, to: RECORDS_MAX })
  demandWhole('hotKeys: hotPercent', hotPercent, { from: 0, to: 100 })
  return (random) => (random.oneIn(hotPercent, 100) ? 'key-0' : `key-${random.below(keys)}`)
}
