import type { Durations } from './durations.ts'
import type { Place, Surroundings } from './place.ts'

/** The values that a replay file may have in a field. */
export type Accepts =
  | { readonly type: 'ms' }
  /** Below zero as well. */
  | { readonly type: 'signed-ms' }
  | { readonly type: 'count' }
  | { readonly type: 'one-of'; readonly values: readonly string[] }
  /** One of these texts, or a count. */
  | { readonly type: 'one-of-or-count'; readonly values: readonly string[] }

/** One thing that a fault has beside its kind, target and moment. */
export interface FaultField<Value> {
  readonly accepts: Accepts
  /** A fault may be without it: a search then tries and plainer values are `undefined`. */
  readonly optional?: true
  /** The values that a search tries at this event, the plainest first. */
  tries(place: Place, around: Surroundings): readonly Value[]
  /** Smaller or rounder values than this one, the plainest first. */
  plainer(value: Value): readonly Value[]
}

export type Fields = Readonly<Record<string, FaultField<unknown>>>

const ROUND_MS = [100, 1_000, 5_000, 10_000, 35_000, 45_000] as const

/** Virtual milliseconds. */
export function ms(tries: (durations: Durations) => readonly number[]): FaultField<number> {
  return { accepts: { type: 'ms' }, tries: (_, { durations }) => tries(durations), plainer: rounderMs }
}

/** Virtual milliseconds, forth or back. */
export function signedMs(tries: (durations: Durations) => readonly number[]): FaultField<number> {
  return {
    accepts: { type: 'signed-ms' },
    tries: (_, { durations }) => tries(durations),
    plainer: (value) => rounderMs(Math.abs(value)).map((each) => Math.sign(value) * each),
  }
}

/** Smaller and rounder durations than this one. */
export function rounderMs(valueMs: number): readonly number[] {
  return ROUND_MS.filter((each) => each < valueMs)
}

export function count(...values: readonly number[]): FaultField<number> {
  return {
    accepts: { type: 'count' },
    tries: () => values,
    plainer: (value) => Array.from({ length: value - 1 }, (_, index) => index + 1),
  }
}

/** One of these texts. */
export function oneOf<const Value extends string>(
  values: readonly Value[],
  tries: (place: Place, around: Surroundings) => readonly Value[],
): FaultField<Value> {
  return { accepts: { type: 'one-of', values }, tries, plainer: () => [] }
}
