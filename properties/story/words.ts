import type { TopicPartition } from '../../harness/core/history.ts'
import { recordName } from '../../harness/core/names.ts'

/**
 * Errors of clients and apps can be long: their first words are enough to find them in the
 * timeline.
 */
const ERROR_LETTERS = 60

/** `orders/0@1`, `orders/0@1 to @3`. */
export function recordsText(at: TopicPartition, first: bigint, last: bigint): string {
  const name = recordName({ ...at, offset: first })
  return first === last ? name : `${name} to @${last}`
}

/**
 * An error's text without the name of its class, which says nothing: `Error: not a tax record` is
 * `not a tax record`.
 */
export function errorText(error: string | null): string {
  const [line = ''] = (error ?? '').split('\n')
  const text = line.replace(/^Error: /, '').trim()
  return text.length <= ERROR_LETTERS ? text : `${text.slice(0, ERROR_LETTERS - 1).trimEnd()}…`
}

/** The largest unit that is whole enough: `35 s`, `100 ms`, `10 min`, `3.1 s`. */
export function duration(us: number): string {
  const ms = us / 1_000
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = ms / 1_000
  if (seconds < 100) return `${Number(seconds.toFixed(1))} s`
  if (seconds % 60 === 0) return `${seconds / 60} min`
  return `${Math.round(seconds)} s`
}

/** Meanings of those of Kafka's codes that say least to a newcomer. */
const MEANINGS: Readonly<Record<string, string>> = {
  UNKNOWN_MEMBER_ID: 'not a member of the group',
  ILLEGAL_GENERATION: 'not the generation of the group',
  STALE_MEMBER_EPOCH: 'not the epoch that the group has for it',
  FENCED_MEMBER_EPOCH: 'not the epoch that the group has for it',
  FENCED_INSTANCE_ID: 'another process has its static id',
  REBALANCE_IN_PROGRESS: 'the group is rebalancing',
  NOT_COORDINATOR: 'ask another broker',
  COORDINATOR_NOT_AVAILABLE: 'ask again',
  COORDINATOR_LOAD_IN_PROGRESS: 'ask again',
  INVALID_PRODUCER_EPOCH: 'not the latest epoch of its producer id',
  PRODUCER_FENCED: 'not the latest epoch of its producer id',
}

/** `ILLEGAL_GENERATION: not the generation of the group` */
export function codeText(code: string | null): string {
  if (code === null) return ''
  const meaning = MEANINGS[code]
  return meaning === undefined ? code : `${code}: ${meaning}`
}

/** Why the coordinator removed a member, in words. */
export function removalText(reason: string): string {
  switch (reason) {
    case 'session-expired':
      return 'session timed out'
    case 'rebalance-timeout':
      return 'it did not rejoin in time'
    case 'fenced':
      return 'fenced by a newer member'
    case 'lost':
      return 'lost with the log of its coordinator'
    default:
      return reason
  }
}

export function listed(words: readonly string[]): string {
  if (words.length <= 1) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
