import { definitionOf } from '../../harness/core/fault.ts'
import type { HistoryEvent, RecordPosition } from '../../harness/core/history.ts'
import { parseRecordName, partitionName, recordName } from '../../harness/core/names.ts'
import type { Finding, PropertyName } from '../../harness/core/verdict.ts'
import { Facts, isAt, isDelivery, openAt, sameLife } from './facts.ts'
import { fatalRecords } from './fatal.ts'
import { faultActs } from './fault-acts.ts'

/** The subject of a finding, taken from its proving events. */
export interface Scope {
  readonly finding: Finding
  readonly events: readonly HistoryEvent[]
  readonly facts: Facts
  readonly about: {
    readonly group?: string
    readonly records: readonly RecordPosition[]
    readonly processes: readonly string[]
  }
  readonly proof: ReadonlySet<number>
  /** Names of the partitions concerned. Empty: the finding is about processes. */
  readonly partitions: ReadonlySet<string>
  /** Names of the records concerned. */
  readonly records: ReadonlySet<string>
  readonly processes: ReadonlySet<string>
  /** The finding names no records: all that was worked on may have to do with it. */
  readonly isOfAll: boolean
  /** The event at which each fault of the schedule strikes, with the fault's index. */
  readonly strikes: ReadonlyMap<number, number>
  /**
   * Where the story ends: the finding is certain, every fault has struck, and what is lost is lost
   * for good.
   */
  readonly lastSeq: number
}

/** Findings of the user's own rules, which know no records. */
const SAY_NOTHING: ReadonlySet<PropertyName> = new Set(['invariant-broken', 'assertion-failed'])

export function scopeOf(events: readonly HistoryEvent[], finding: Finding): Scope {
  const facts = new Facts(events)
  const resume = resumedPast(events, finding)
  const proof = new Set(resume === null ? finding.events : [...finding.events, resume])
  const proving = events.filter(({ seq }) => proof.has(seq))
  const about = aboutOf(finding, proving, facts)
  const partitions = new Set(about.records.map(partitionName))
  const records = new Set(about.records.map(recordName))
  const processes = new Set<string>()
  for (const event of proving) {
    if ('process' in event && event.process !== null) processes.add(event.process)
    if ('topic' in event && 'partition' in event) partitions.add(partitionName(event))
  }
  for (const event of events) {
    const works = isDelivery(event) || event.kind === 'effect'
    if (works && partitions.has(partitionName(event))) processes.add(event.process)
  }
  const isOfAll = SAY_NOTHING.has(finding.property)
  if (isOfAll) {
    for (const { process, at, offsets } of facts.attempts) {
      processes.add(process)
      partitions.add(partitionName(at))
      for (const offset of offsets) records.add(recordName({ ...at, offset }))
    }
    for (const event of events) if (event.kind === 'call') processes.add(event.process)
  }
  const strikes = faultActs(events)
  for (const seq of strikes.keys()) {
    const struck = events[seq]
    if (struck !== undefined && 'process' in struck && struck.process !== null) processes.add(struck.process)
    if (struck?.kind === 'fault') {
      const process = definitionOf(struck.fault.kind).target.processOf?.(struck.fault.target) ?? null
      if (process !== null) processes.add(process)
    }
  }
  // No process was given any of it: its last owner has to do with it.
  if (finding.property === 'stuck-partition') {
    const owner = events.findLast(
      (event) =>
        (event.kind === 'believes' || event.kind === 'assigned') &&
        event.partitions.some((at) => partitions.has(partitionName(at))),
    )
    if (owner !== undefined && 'process' in owner && owner.process !== null) processes.add(owner.process)
  }
  const certain = finding.events.at(-1) ?? events.length - 1
  const lastSeq = Math.max(resume ?? certain, certain, ...strikes.keys())
  return { finding, events, facts, about, proof, partitions, records, processes, isOfAll, strikes, lastSeq }
}

function aboutOf(finding: Finding, proving: readonly HistoryEvent[], facts: Facts): Scope['about'] {
  const { group, records = recordsOf(finding, proving, facts), processes = [] } = finding.about ?? {}
  const named = records?.flatMap((name) => parseRecordName(name) ?? [])
  const proved = proving.filter(
    (event) => event.kind === 'append' || event.kind === 'effect' || event.kind === 'skip',
  )
  return {
    ...(group === undefined ? {} : { group }),
    records: named ?? withoutRepeats(proved),
    processes,
  }
}

/** The finding's records, as far as known without its own word; undefined: its proof tells. */
function recordsOf(
  { property }: Finding,
  proving: readonly HistoryEvent[],
  facts: Facts,
): readonly string[] | undefined {
  if (property === 'dead-consumer') return fatalRecords(facts, proving.at(-1))
  if (property !== 'shutdown-hang') return undefined
  const killed = proving.at(-1)
  if (killed?.kind !== 'shutdown-timeout') return undefined
  return facts.attempts
    .filter((attempt) => sameLife(attempt, killed) && openAt(attempt, killed.seq))
    .flatMap(({ at, offsets }) => offsets.map((offset) => recordName({ ...at, offset })))
}

function withoutRepeats(records: readonly RecordPosition[]): readonly RecordPosition[] {
  return [...new Map(records.map((record) => [recordName(record), record])).values()]
}

/**
 * A record is lost for good when somebody is told to go on behind it. Where nothing was left to be
 * delivered there, that is the last thing that there is to see of it: the story goes on until then.
 */
function resumedPast(events: readonly HistoryEvent[], { property, events: proving }: Finding): number | null {
  const last = events[proving.at(-1) ?? -1]
  if (property !== 'lost-record' || last?.kind !== 'commit') return null
  const told = events.find(
    (event) =>
      event.kind === 'offset-fetched' &&
      event.seq > last.seq &&
      event.group === last.group &&
      isAt(event, last) &&
      event.offset >= last.offset,
  )
  return told?.seq ?? null
}
