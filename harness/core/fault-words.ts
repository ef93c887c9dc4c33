import { definitionOf, type Fault, type Hold } from './fault.ts'
import type { Moment } from './faults/moment.ts'
import { seconds } from './seconds.ts'

/**
 * A fault as a person reads it: `crash consumer-0 after 'consumer-0 OffsetCommit#2 applied',
 * restart after 1 s`.
 */
export function describeFault(fault: Fault): string {
  const definition = definitionOf(fault.kind)
  return `${definition.words(fault)} ${when(fault.at)}${definition.afterwards?.(fault) ?? ''}`
}

export function describeHold({ event, durationMs }: Hold): string {
  return `hold '${event}' for ${seconds(durationMs)}`
}

function when(at: Moment): string {
  return 'event' in at ? `after '${at.event}'` : `at ${seconds(at.atMs)}`
}
