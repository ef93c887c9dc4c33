import { seconds } from '../seconds.ts'
import { fault, harness } from './fault.ts'
import { ms, oneOf } from './fields.ts'
import { group } from './targets.ts'

const PLACES = ['earliest', 'latest', 'minute-ago', 'one-back', 'one-ahead'] as const

/** A place to which an operator's tool sets a group. */
export type ResetPlace = (typeof PLACES)[number]

const WORDS: Readonly<Record<ResetPlace, string>> = {
  earliest: 'the beginning',
  latest: 'the end',
  'minute-ago': 'what was written in the last minute',
  'one-back': 'one record back',
  'one-ahead': 'one record ahead',
}

/** An operator stops the consumers, sets where their group goes on, and starts them again. */
export const offsetsReset = fault({
  kind: 'offsets-reset',
  family: 'operator',
  target: group,
  fields: { to: oneOf(PLACES, () => PLACES), durationMs: ms(() => [10_000, 60_000]) },
  acts: 'lasting',
  effect:
    'its processes are stopped; after `durationMs` its offsets are set to `to` (the beginning, the end, by the timestamp of a minute ago, one record back or ahead), if it has no members, and they start again',
  words: ({ target, to }) => `reset the offsets of ${target} to ${WORDS[to]}`,
  afterwards: ({ durationMs }) => `, with its processes stopped for ${seconds(durationMs)}`,
  told: ({ target, to }) =>
    harness(`an operator stops the processes of ${target}, to set it to ${WORDS[to]}`),
})

/** How far back `minute-ago` looks. */
export const RESET_AGO_MS = 60_000

/** Offsets of a partition, between which a reset chooses. */
export interface ResetChoices {
  readonly start: bigint
  readonly end: bigint
  /** The first record of the last minute; null: there is none. */
  readonly minuteAgo: bigint | null
  /** Null: the group has committed nothing. */
  readonly committed: bigint | null
}

/**
 * The next offset to read in each partition after a reset. One that has no committed offset cannot
 * move by a record, and is left out.
 */
export function resetTo<At extends object>(
  place: ResetPlace,
  partitions: readonly (ResetChoices & { readonly at: At })[],
): (At & { readonly offset: bigint })[] {
  return partitions.flatMap((each) => {
    const offset = offsetAt(place, each)
    return offset === null ? [] : [{ ...each.at, offset }]
  })
}

function offsetAt(place: ResetPlace, { start, end, minuteAgo, committed }: ResetChoices): bigint | null {
  if (place === 'earliest') return start
  if (place === 'latest') return end
  if (place === 'minute-ago') return minuteAgo ?? end
  if (committed === null) return null
  const moved = committed + (place === 'one-back' ? -1n : 1n)
  if (moved < start) return start
  return moved > end ? end : moved
}
