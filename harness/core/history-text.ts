import { createHash } from 'node:crypto'
import type { HistoryEvent } from './history.ts'
import { jsonText } from './json.ts'

/**
 * One event as one line of JSON; offsets as decimal strings. Two runs are equal when their lines
 * are.
 */
export function eventLine(event: HistoryEvent): string {
  return jsonText(event, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}

/** All events, one a line. */
export function historyLines(events: readonly HistoryEvent[]): string {
  return events.map((event) => `${eventLine(event)}\n`).join('')
}

/** SHA-256 of all lines, in hex. */
export function historyHash(events: readonly HistoryEvent[]): string {
  const hash = createHash('sha256')
  for (const event of events) hash.update(eventLine(event)).update('\n')
  return hash.digest('hex')
}
