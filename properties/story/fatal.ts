import type { EventOf, HistoryEvent } from '../../harness/core/history.ts'
import { recordName } from '../../harness/core/names.ts'
import { type Attempt, type Facts, failure, sameLife } from './facts.ts'

export type ConsumerEnd = EventOf<'consumer-crashed'> | EventOf<'consumer-stopped'>

export function isConsumerEnd(event: HistoryEvent): event is ConsumerEnd {
  return event.kind === 'consumer-crashed' || event.kind === 'consumer-stopped'
}

/** The failed handler whose error the consumer died of. */
export function fatalAttempt({ attempts }: Facts, ended: ConsumerEnd): Attempt | null {
  if (ended.kind !== 'consumer-crashed') return null
  const last = attempts.findLast(
    (attempt) => sameLife(attempt, ended) && attempt.group === ended.group && attempt.start.seq < ended.seq,
  )
  const error = last === undefined ? null : failure(last)
  if (last === undefined || error === null) return null
  const message = error.slice(error.indexOf(': ') + 1).trim()
  return ended.error.includes(message) ? last : null
}

/** The records that a consumer died of, for a story about nothing else. */
export function fatalRecords(facts: Facts, ended: HistoryEvent | undefined): readonly string[] {
  if (ended === undefined || !isConsumerEnd(ended)) return []
  const attempt = fatalAttempt(facts, ended)
  return attempt === null ? [] : attempt.offsets.map((offset) => recordName({ ...attempt.at, offset }))
}
