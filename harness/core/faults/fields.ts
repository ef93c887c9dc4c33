import type { Durations } from './durations.ts'
import type { Place, Surroundings } from './place.ts'

/** What a replay file may have in a field. */
export type Accepts =
  | { readonly type: 'ms' }
  | { readonly type: 'count' }
  | { readonly type: 'one-of'; readonly values: readonly string[] }

/** One thing that a fault has beside its kind, target and moment. */
export interface Field<Value> {
  readonly accepts: Accepts
  /** The values that a search tries at this event, the plainest first. */
  tries(place: Place, around: Surroundings): readonly Value[]
}

export type Fields = Readonly<Record<string, Field<unknown>>>

/** Virtual milliseconds. */
export function ms(tries: (durations: Durations) => readonly number[]): Field<number> {
  return { accepts: { type: 'ms' }, tries: (_, { durations }) => tries(durations) }
}

export function count(...values: readonly number[]): Field<number> {
  return { accepts: { type: 'count' }, tries: () => values }
}

/** One of these texts. */
export function oneOf<const Value extends string>(
  values: readonly Value[],
  tries: (place: Place, around: Surroundings) => readonly Value[],
): Field<Value> {
  return { accepts: { type: 'one-of', values }, tries }
}
