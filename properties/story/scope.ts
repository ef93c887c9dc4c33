import type { HistoryEvent } from '../../harness/core/history.ts'
import { partitionName, recordName } from '../../harness/core/names.ts'
import type { Finding } from '../../harness/core/verdict.ts'

/** What a finding is about, as its proving events tell. */
export interface Scope {
  readonly finding: Finding
  readonly proof: ReadonlySet<number>
  readonly events: readonly HistoryEvent[]
  /** Names of the partitions concerned. Empty: the finding is about processes. */
  readonly partitions: ReadonlySet<string>
  /** Names of the records concerned. */
  readonly records: ReadonlySet<string>
  readonly processes: ReadonlySet<string>
  /** Where the story ends: the event at which the finding became certain. */
  readonly lastSeq: number
}

export function scopeOf(events: readonly HistoryEvent[], finding: Finding): Scope {
  const resume = resumedPast(events, finding)
  const proof = new Set(resume === null ? finding.events : [...finding.events, resume])
  const proving = events.filter(({ seq }) => proof.has(seq))
  const partitions = new Set<string>()
  const records = new Set<string>()
  const processes = new Set<string>()
  for (const event of proving) {
    if ('process' in event && event.process !== null) processes.add(event.process)
    if (!('topic' in event && 'partition' in event)) continue
    partitions.add(partitionName(event))
    if (isAboutRecord(event)) records.add(recordName(event))
  }
  for (const event of events) {
    const works = event.kind === 'handler-start' || event.kind === 'batch-start' || event.kind === 'effect'
    if (works && partitions.has(partitionName(event))) processes.add(event.process)
  }
  const lastSeq = resume ?? finding.events.at(-1) ?? events.length - 1
  return { finding, proof, events, partitions, records, processes, lastSeq }
}

function isAboutRecord(event: HistoryEvent): event is Extract<HistoryEvent, { kind: 'append' | 'effect' }> {
  return event.kind === 'append' || event.kind === 'effect' || event.kind === 'skip'
}

/**
 * A record is lost for good when somebody is told to go on behind it. Where nothing was left to be delivered there, that
 * is the last thing that there is to see of it: the story goes on until then.
 */
function resumedPast(events: readonly HistoryEvent[], { property, events: proving }: Finding): number | null {
  const last = events[proving.at(-1) ?? -1]
  if (property !== 'lost-record' || last?.kind !== 'commit') return null
  const told = events.find(
    (event) =>
      event.kind === 'offset-fetched' &&
      event.seq > last.seq &&
      partitionName(event) === partitionName(last) &&
      event.offset >= last.offset,
  )
  return told?.seq ?? null
}
