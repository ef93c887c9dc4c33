import type { HistoryEvent } from '../../../harness/core/history.ts'
import type { Beat, Telling } from '../beat.ts'
import type { Scope } from '../scope.ts'
import { callBeat } from './calls.ts'
import { clusterBeat } from './cluster.ts'
import { commitBeat } from './commits.ts'
import { groupBeat } from './group.ts'
import { processBeat } from './process.ts'
import { workBeat } from './work.ts'

const TELLERS: readonly ((event: HistoryEvent, scope: Scope) => Telling | null)[] = [
  clusterBeat,
  callBeat,
  commitBeat,
  groupBeat,
  processBeat,
  workBeat,
]

/** The event's contribution to the story, or null. */
export function beatOf(event: HistoryEvent, scope: Scope): Beat | null {
  const fault = scope.strikes.get(event.seq) ?? null
  if (fault === null && !isHeard(event, scope)) return null
  for (const tell of TELLERS) {
    const telling = tell(event, scope)
    if (telling === null) continue
    const { lane, text, mark, weight = 2, work = null, owns = null, calls = null, also = [] } = telling
    const kept = scope.proof.has(event.seq) || fault !== null
    return {
      lane,
      text,
      mark,
      events: [event, ...also],
      weight: kept ? 3 : weight,
      // An event that proves the finding stands by itself.
      work: kept ? null : work,
      owns,
      calls: kept ? null : calls,
      fault,
    }
  }
  return null
}

/** Of other processes only what moves partitions is told. */
function isHeard(event: HistoryEvent, { processes }: Scope): boolean {
  if (!('process' in event) || event.process === null || processes.has(event.process)) return true
  return (
    event.kind === 'process-crashed' ||
    event.kind === 'process-exited' ||
    event.kind === 'process-terminating'
  )
}
