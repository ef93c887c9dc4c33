import type { EventOf, HistoryEvent } from '../../../harness/core/history.ts'
import { partitionName, requestName } from '../../../harness/core/names.ts'
import { on, type Telling, workTold } from '../beat.ts'
import type { Scope } from '../scope.ts'
import { codeText } from '../words.ts'

/** Commits and transactions: a client asks, a broker applies. */
export function commitBeat(event: HistoryEvent, scope: Scope): Telling | null {
  if (event.kind === 'transaction') return transaction(event, scope)
  if (event.kind === 'request') return request(event, scope)
  if (event.kind !== 'commit' || !scope.partitions.has(partitionName(event))) return null
  const { process, offset, phase } = event
  const over = scope.facts.isStill(event, event.seq)
  const group = scope.facts.groups.length > 1 ? ` for ${event.group}` : ''
  switch (phase) {
    case 'applied': {
      if (over)
        return on(brokerOf(event, scope))(
          event.transactional
            ? `adds offset ${offset} of ${partitionName(event)} to ${process}'s transaction`
            : `applies ${process}'s commit of offset ${offset} of ${partitionName(event)}${group}`,
          'commit',
        )
      if (event.transactional)
        return on(process)(`adds offset ${offset} of ${partitionName(event)} to its transaction`, 'commit')
      if (group !== '')
        return on(process)(`commits offset ${offset} of ${partitionName(event)}${group}`, 'commit')
      const work = { at: event, first: null, last: null, committed: offset }
      return { lane: process, ...workTold(work), weight: 2, work }
    }
    case 'rejected':
      return over
        ? null
        : on(process)(`its commit of offset ${offset} is refused (${codeText(event.error)})`, 'trouble')
    case 'lost':
      return over || diesNow(event, scope)
        ? null
        : on(process)(`gets no answer to its commit of offset ${offset}`, 'trouble')
    default:
      return null
  }
}

/** A process that dies at this very moment misses no answer. */
function diesNow(event: HistoryEvent & { process: string | null }, { events }: Scope): boolean {
  return events
    .slice(event.seq)
    .some(
      (each) =>
        each.timeUs === event.timeUs &&
        (each.kind === 'process-crashed' || each.kind === 'process-exited') &&
        each.process === event.process,
    )
}

/** The broker that applied the request of this commit. */
function brokerOf({ process, ordinal, transactional, seq }: EventOf<'commit'>, { events }: Scope): string {
  const name = requestName({ process, api: transactional ? 'TxnOffsetCommit' : 'OffsetCommit', ordinal })
  const applied = events.find(
    (event) => event.kind === 'request' && event.phase === 'received' && requestName(event) === name,
  )
  return applied?.kind === 'request' && applied.seq < seq + 3 ? applied.broker : 'cluster'
}

/** A commit that no broker ever saw: there is no other event that tells of it. */
function request(event: EventOf<'request'>, scope: Scope): Telling | null {
  const { process, phase, api, error } = event
  if (!scope.processes.has(process) || !api.endsWith('OffsetCommit')) {
    return scope.strikes.has(event.seq)
      ? on(process)(`its ${api} is refused (${codeText(error)})`, 'trouble')
      : null
  }
  if (phase === 'applied' && error !== null && scope.strikes.has(event.seq))
    return on(process)(`its commit is refused (${codeText(error)})`, 'trouble')
  if (phase !== 'lost' || scope.facts.isStill(event, event.seq) || diesNow(event, scope)) return null
  const seen = scope.events.some(
    (each) => each.kind === 'commit' && each.process === process && each.ordinal === event.ordinal,
  )
  return seen ? null : on(process)('gets no answer to its commit', 'trouble')
}

function transaction(event: EventOf<'transaction'>, scope: Scope): Telling | null {
  const { process, transactionalId: id, phase } = event
  if (process === null || !scope.processes.has(process)) return null
  const asks = on(process)
  const does = on('cluster')
  switch (phase) {
    case 'began':
      return asks(`opens the transaction ${id}`, 'work', 1)
    case 'prepare-commit':
      return asks(`asks to commit the transaction ${id}`, 'commit', 1)
    case 'prepare-abort':
      return asks(`asks to abort the transaction ${id}`, 'work', 1)
    case 'committed':
      return does(`commits the transaction ${id}`, 'commit')
    case 'aborted':
      return does(`aborts the transaction ${id}`, 'trouble')
    case 'fenced':
      return does(`fences the transaction ${id}: not the latest epoch of its producer id`, 'trouble')
    default:
      return null
  }
}
