import { eventName } from '../harness/core/event-names.ts'
import { describeFault } from '../harness/core/fault-words.ts'
import type { EventOf, HistoryEvent } from '../harness/core/history.ts'
import { generationName, partitionName, recordName } from '../harness/core/names.ts'

/** An event in few words, without the lane that it stands in. */
export function timelineText(event: HistoryEvent, lane: string): string {
  const text = `${wordsOf(event)}${errorOf(event)}`
  return text.startsWith(`${lane} `) ? text.slice(lane.length + 1) : text
}

function errorOf(event: HistoryEvent): string {
  return 'error' in event && event.error !== null ? ` (${event.error.split('\n')[0]})` : ''
}

/**
 * Events with a name go by it: faults are placed at these names, so they can be copied from here.
 */
function wordsOf(event: HistoryEvent): string {
  switch (event.kind) {
    case 'fault':
      return `fault ${event.phase}: ${describeFault(event.fault)}`
    case 'phase':
      return `— ${event.phase} —`
    case 'hot-loop':
      return `hot loop: ${event.events} events at one instant`
    case 'drain-deadline':
      return `not done ${event.deadlineMs / 1000} s after every fault had healed`
    case 'believes':
      return `${eventName(event)}: ${event.partitions.map(partitionName).join(', ') || 'nothing'}`
    case 'generation':
      return `${eventName(event)}: ${event.members.map(({ process }) => process).join(', ') || 'nobody'}`
    case 'assigned':
      return `gets ${event.partitions.map(partitionName).join(', ') || 'nothing'} in ${generationName(event)}`
    case 'rebalance':
      return `${eventName(event)} (${event.reason})`
    case 'commit':
      return `commit ${answered(event)}: offset ${event.offset} of ${partitionName(event)}`
    case 'offset-set':
      return `the ${event.by} sets ${event.group} to ${recordName(event)}`
    case 'offset-fetched':
      return `resumes ${partitionName(event)} at ${event.offset < 0n ? 'no committed offset' : event.offset}`
    case 'fetched':
      return `fetched ${recordName({ ...event, offset: event.firstOffset })} to ${event.lastOffset}`
    default:
      return eventName(event) ?? unnamed(event)
  }
}

/** An error is an answer, and no acknowledgement. */
function answered({ phase, error }: EventOf<'commit'>): string {
  return phase === 'acknowledged' && error !== null ? 'answered' : phase
}

/** `member-removed billing (left)`: the kind, what it is about, and why. */
function unnamed(event: HistoryEvent): string {
  const about =
    'topic' in event && 'partition' in event
      ? ` ${partitionName(event)}${'offset' in event ? `@${event.offset}` : ''}`
      : 'topic' in event
        ? ` ${event.topic}`
        : 'group' in event
          ? ` ${event.group}`
          : ''
  const reason = 'reason' in event ? ` (${event.reason})` : ''
  return `${event.kind.replaceAll('-', ' ')}${about}${reason}`
}
