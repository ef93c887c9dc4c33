import type { TopicPartition } from '../harness/core/history.ts'
import { partitionName, recordName } from '../harness/core/names.ts'
import type { About, Finding, PropertyName } from '../harness/core/verdict.ts'

/**
 * A finding as a checker makes it. `explained`: a fault can have brought it about, so that a model
 * which allows it under faults allows it. `diagnosis`: it is worth a note, and a violation under
 * `strict` only.
 */
export interface SeenFinding extends Finding {
  readonly explained?: boolean
  readonly diagnosis?: boolean
}

interface Events {
  /**
   * Sequence numbers in any order; undefined where an event that would help to prove it is not in
   * the history.
   */
  readonly events: readonly (number | undefined)[]
  readonly explained?: boolean
  readonly diagnosis?: boolean
  readonly about?: About
}

export function seen(property: PropertyName, message: string, { events, ...more }: Events): SeenFinding {
  const known = events.filter((seq) => seq !== undefined)
  return { property, message, events: [...new Set(known)].sort((a, b) => a - b), ...more }
}

/** `orders/1@7`, or `orders/1@7 to 9`. */
export function recordsName(at: TopicPartition, first: bigint, last: bigint): string {
  const name = recordName({ ...at, offset: first })
  return first === last ? name : `${name} to ${last}`
}

/** `orders/0`, `orders/0 and orders/1`, `orders/0, orders/1 and orders/2`. */
export function partitionsName(partitions: readonly TopicPartition[]): string {
  return listed(partitions.map(partitionName))
}

export function listed(words: readonly string[]): string {
  if (words.length <= 1) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
