import { eventName } from '../harness/core/event-name.ts'
import { describeFault } from '../harness/core/fault-words.ts'
import type { HistoryEvent } from '../harness/core/history.ts'

const COLUMN = 44

/** A whole history as lanes: one column a process, the cluster and the harness in the first. */
export function timeline(events: readonly HistoryEvent[]): string {
  const processes = [
    ...new Set(
      events.flatMap((event) =>
        'process' in event && typeof event.process === 'string' ? [event.process] : [],
      ),
    ),
  ].sort()
  const lanes = ['cluster', ...processes]
  const row = (time: string, lane: string, text: string): string => {
    const cells = lanes.map((each) => (each === lane ? text : '').slice(0, COLUMN - 1).padEnd(COLUMN))
    return `${time.padStart(12)}  ${cells.join('')}`.trimEnd()
  }
  const header =
    `${'virtual time'.padStart(12)}  ${lanes.map((lane) => lane.padEnd(COLUMN)).join('')}`.trimEnd()
  const rows = events.map((event) => {
    const lane = 'process' in event && typeof event.process === 'string' ? event.process : 'cluster'
    return row(`${(event.timeUs / 1000).toFixed(3)} ms`, lane, textOf(event, lane))
  })
  return [header, ...rows].join('\n')
}

function textOf(event: HistoryEvent, lane: string): string {
  if (event.kind === 'fault') return `fault ${event.phase}: ${describeFault(event.fault)}`
  if (event.kind === 'commit')
    return `commit ${event.phase} ${event.topic}/${event.partition} up to ${event.offset}${event.error === null ? '' : ` (${event.error})`}`
  const name = eventName(event)
  if (name === null)
    return `${event.kind}${'topic' in event && 'partition' in event ? ` ${event.topic}/${event.partition}` : ''}${'offset' in event ? `@${event.offset}` : ''}`
  const own = name.startsWith(`${lane} `) ? name.slice(lane.length + 1) : name
  return event.kind === 'request' && event.error !== null ? `${own} (${event.error})` : own
}
