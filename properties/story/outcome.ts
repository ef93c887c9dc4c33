import type { HistoryEvent, RecordPosition } from '../../harness/core/history.ts'
import { partitionName, recordName } from '../../harness/core/names.ts'
import type { PropertyName } from '../../harness/core/verdict.ts'
import { type Clause, holds, shown } from './clause.ts'
import type { Scope } from './scope.ts'
import { duration, recordsText } from './words.ts'

/** The last line of a story, which sums it up; none where the last event says it. */
const OUTCOMES: Partial<Readonly<Record<PropertyName, (scope: Scope) => Clause | null>>> = {
  'lost-record': lost,
  'dead-letter-lost': lost,
  'stuck-partition': stuck,
  'commit-ahead': ahead,
  'commit-regression': regression,
  'dead-consumer': deadConsumer,
}

export function outcomeOf(scope: Scope): Clause | null {
  const clause = OUTCOMES[scope.finding.property]?.(scope) ?? null
  return clause !== null && holds(clause, scope.events) ? clause : null
}

function lost({ about, events, facts }: Scope): Clause | null {
  const [first, last] = [about.records[0], about.records.at(-1)]
  if (first === undefined || last === undefined) return null
  const names = new Set(about.records.map(recordName))
  const appends = events.filter((event) => event.kind === 'append' && names.has(recordName(event)))
  const written = appends.at(-1)
  const group = facts.groups.length > 1 && about.group !== undefined ? ` for the group ${about.group}` : ''
  const are = about.records.length === 1 ? 'is' : 'are'
  return {
    ...shown(`${recordsText(first, first.offset, last.offset)} ${are} never processed${group}`, ...appends),
    denies: {
      after: written?.seq ?? -1,
      before: events.length,
      what: (event) =>
        group === '' &&
        event.kind === 'effect' &&
        names.has(recordName(event)) &&
        // An attempt at what stood there before is about that.
        (facts.attemptOf(event)?.start.seq ?? event.seq) > (written?.seq ?? -1),
    },
  }
}

function stuck({ about, events }: Scope): Clause | null {
  const deadline = events.findLast((event) => event.kind === 'drain-deadline')
  const [record] = about.records
  if (deadline?.kind !== 'drain-deadline') return null
  const still =
    record === undefined
      ? 'it is still so'
      : // Where another record is in its way it was never at this one.
        events.some((event) => delivers(event, record))
        ? `still at ${recordName(record)}`
        : `${recordName(record)} is still not processed`
  const written = events.findLast(
    (event) => event.kind === 'append' && record !== undefined && recordName(event) === recordName(record),
  )
  return shown(`${duration(deadline.deadlineMs * 1_000)} later: ${still}`, deadline, written)
}

/** Whether the event is the delivery of this record to a handler, alone or in a batch. */
function delivers(event: HistoryEvent, record: RecordPosition): boolean {
  if (event.kind === 'handler-start') return recordName(event) === recordName(record)
  if (event.kind !== 'batch-start' || partitionName(event) !== partitionName(record)) return false
  return event.firstOffset <= record.offset && record.offset <= event.lastOffset
}

function ahead({ about, finding, events }: Scope): Clause | null {
  const [record] = about.records
  const certain = events[finding.events.at(-1) ?? -1]
  if (record === undefined || certain === undefined) return null
  return {
    ...shown(
      `${recordName(record)} is not processed yet: a crash now would lose it`,
      certain,
      events.findLast((event) => event.kind === 'append' && recordName(event) === recordName(record)),
    ),
    denies: {
      after: -1,
      before: certain.seq,
      what: (event) => event.kind === 'effect' && recordName(event) === recordName(record),
    },
  }
}

function regression({ finding, events }: Scope): Clause | null {
  const commit = events[finding.events.at(-1) ?? -1]
  if (commit?.kind !== 'commit') return null
  return shown(`whoever reads ${partitionName(commit)} next is given @${commit.offset} again`, commit)
}

function deadConsumer({ finding, events }: Scope): Clause | null {
  const ended = events[finding.events.at(-1) ?? -1]
  if (ended?.kind !== 'consumer-crashed' && ended?.kind !== 'consumer-stopped') return null
  const again = events
    .slice(ended.seq)
    .some((event) => event.kind === 'consumer-started' && event.process === ended.process)
  return again ? null : shown(`${ended.process} runs on without a consumer`, ended)
}
