import { mustNotFail } from '../../../harness/core/assertion.ts'
import type { EventOf, HistoryEvent } from '../../../harness/core/history.ts'
import { partitionName } from '../../../harness/core/names.ts'
import { on, type Telling } from '../beat.ts'
import type { Scope } from '../scope.ts'
import { duration, errorText, listed } from '../words.ts'

/** Starts and ends of processes and their consumers. */
export function processBeat(event: HistoryEvent, scope: Scope): Telling | null {
  if (!('process' in event) || event.process === null) return null
  const line = on(event.process)
  switch (event.kind) {
    case 'process-started':
      if (event.incarnation > 1) return line('starts again', 'start')
      return scope.strikes.has(event.seq) ? line('starts', 'start') : null
    case 'process-crashed':
      return line(event.reason === 'SIGKILL' ? 'crashes' : `crashes (${errorText(event.reason)})`, 'crash')
    case 'process-paused':
      return line('freezes', 'freeze')
    case 'process-resumed':
      return line(`wakes up${asleep(event, scope)}`, 'resume')
    case 'process-terminating':
      return line('gets SIGTERM', 'stop')
    case 'process-exited':
      return event.code === 0 ? line('exits', 'end') : line(`exits (code ${event.code})`, 'crash')
    case 'shutdown-timeout':
      return line(`is killed, ${duration(event.graceMs * 1_000)} after SIGTERM`, 'crash')
    case 'consumer-crashed':
      return event.restarts
        ? line(`its consumer restarts (${errorText(event.error)})`, 'trouble')
        : line(`its consumer stops for good (${errorText(event.error)})`, 'trouble')
    case 'consumer-stopping':
      return line(`calls ${event.call}() of its consumer${ofGroup(event, scope)}`, 'stop')
    case 'consumer-stopped':
      return line(`its consumer stops${ofGroup(event, scope)}`, 'stop', 1)
    case 'consumer-paused':
    case 'consumer-resumed': {
      const mine = event.partitions.map(partitionName).filter((name) => scope.partitions.has(name))
      if (mine.length === 0) return null
      return event.kind === 'consumer-paused'
        ? line(`pauses ${listed(mine)}`, 'stop')
        : line(`resumes ${listed(mine)}`, 'work')
    }
    case 'assertion':
      if (event.condition || !mustNotFail(event.assertion)) return null
      return line(
        event.assertion === 'unreachable'
          ? `reaches what is unreachable: '${event.message}'${detailsOf(event)}`
          : `finds that '${event.message}' is false${detailsOf(event)}`,
        'trouble',
      )
    case 'hot-loop':
      return line(`does ${event.events.toLocaleString('en-US')} things without letting time pass`, 'trouble')
    default:
      return null
  }
}

function detailsOf({ details }: EventOf<'assertion'>): string {
  return details === undefined ? '' : ` (${details})`
}

function ofGroup({ group }: { readonly group: string }, { facts }: Scope): string {
  return facts.groups.length > 1 ? ` (${group})` : ''
}

function asleep(
  { seq, process, timeUs }: HistoryEvent & { process: string | null },
  { events }: Scope,
): string {
  const slept = events
    .slice(0, seq)
    .findLast((event) => event.kind === 'process-paused' && event.process === process)
  return slept === undefined ? '' : `, ${duration(timeUs - slept.timeUs)} later`
}
