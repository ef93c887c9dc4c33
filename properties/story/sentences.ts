import type { EventOf, HistoryEvent, RecordPosition } from '../../harness/core/history.ts'
import { partitionName, recordName } from '../../harness/core/names.ts'
import type { PropertyName } from '../../harness/core/verdict.ts'
import type { Scope } from './scope.ts'

type Sentence = (scope: Scope) => string | null

/** Where the history says more than the finding's own message: the cause in one sentence. */
const SENTENCES: Partial<Readonly<Record<PropertyName, Sentence>>> = {
  'lost-record': lost,
  'duplicate-effect': duplicated,
  'zombie-effect': zombie,
}

export function sentenceOf(scope: Scope): string {
  return SENTENCES[scope.finding.property]?.(scope) ?? scope.finding.message
}

/** "consumer-0 committed orders/1 up to 8 before it processed 7, crashed, and consumer-1 resumed at 8" */
function lost(scope: Scope): string | null {
  const proving = provingEvents(scope)
  const appends = proving.filter((event) => event.kind === 'append')
  const commit = proving.find((event) => event.kind === 'commit')
  const [first] = appends
  const last = appends.at(-1)
  if (commit === undefined || first === undefined || last === undefined) return null
  // The cluster lost it: the finding says so, and the consumer did nothing wrong.
  if (proving.some(({ kind }) => kind === 'truncated')) return null
  const begun = scope.events.findLast(
    (event) => event.seq < commit.seq && isDelivery(event) && delivers(event, first) && by(event, commit),
  )
  const which = first === last ? `${first.offset}` : `${first.offset} to ${last.offset}`
  const early = begun !== undefined ? `before it processed ${which}` : `without having processed ${which}`
  const parts = [`${commit.process} committed ${partitionName(commit)} up to ${commit.offset} ${early}`]
  // A commit may be applied when its process is dead already.
  const fate = fateOf(scope, commit.process, begun?.seq ?? commit.seq)
  if (fate !== null) parts.push(fate)
  const resume = proving.find((event) => isDelivery(event) && event.seq > commit.seq)
  const told = proving.find((event) => event.kind === 'offset-fetched' && event.seq > commit.seq)
  if (resume === undefined && told?.kind === 'offset-fetched') {
    parts.push(`${told.process === commit.process ? 'it' : told.process} resumed at ${told.offset}`)
  }
  if (resume !== undefined && isDelivery(resume)) {
    const who = resume.process === commit.process ? '' : `${resume.process} `
    parts.push(`${who}resumed at ${resume.kind === 'batch-start' ? resume.firstOffset : resume.offset}`)
  }
  return joined(parts)
}

/** "consumer-0 processed orders/1@7, crashed before its offset was committed, and consumer-1 processed it again" */
function duplicated(scope: Scope): string | null {
  const effects = provingEvents(scope).filter((event) => event.kind === 'effect')
  const [first, second] = effects
  if (first === undefined || second === undefined) return null
  const [from, to] = [deliveryBefore(scope, first), deliveryBefore(scope, second)]
  const commits = scope.events.filter(
    (event) =>
      event.kind === 'commit' &&
      samePartition(event, first) &&
      event.offset > first.offset &&
      event.seq > from &&
      event.seq < to,
  )
  const refused = commits.find((event) => event.kind === 'commit' && event.phase === 'rejected')
  const applied = commits.find((event) => event.kind === 'commit' && event.phase === 'applied')
  const again = second.process === first.process ? 'it' : second.process
  const fate = fateOf(scope, first.process, first.seq, second.seq)
  const parts = [`${first.process} processed ${recordName(first)}`]
  if (applied === undefined && refused?.kind === 'commit') {
    parts.push(`its commit was refused (${refused.error ?? ''})`)
  } else if (fate !== null) {
    parts.push(applied === undefined ? `${fate} before its offset was committed` : fate)
  } else if (applied === undefined) {
    parts.push('its offset was not committed')
  }
  const although =
    applied?.kind === 'commit' ? ` although ${applied.process} had committed ${applied.offset}` : ''
  parts.push(`${again} processed it again${although}`)
  return joined(parts)
}

/** Number of the delivery that led to this effect; of the effect itself, if none is known. */
function deliveryBefore({ events }: Scope, effect: EventOf<'effect'>): number {
  const delivery = events.findLast(
    (event) => event.seq < effect.seq && isDelivery(event) && by(event, effect) && delivers(event, effect),
  )
  return delivery?.seq ?? effect.seq
}

/** "consumer-0 froze, lost orders/0 to consumer-1, and processed orders/0@7 after consumer-1 had begun" */
function zombie(scope: Scope): string | null {
  const proving = provingEvents(scope)
  const assigned = proving.find((event) => event.kind === 'assigned')
  const effect = proving.find((event) => event.kind === 'effect')
  if (assigned === undefined || effect === undefined || assigned.process === effect.process) return null
  const before = scope.events.findLast(
    (event) => event.kind === 'believes' && by(event, effect) && event.seq < assigned.seq,
  )
  const fate = fateOf(scope, effect.process, before?.seq ?? 0, assigned.seq)
  const parts = [...(fate === null ? [] : [fate]), `lost ${partitionName(effect)} to ${assigned.process}`]
  parts.push(`processed ${recordName(effect)} after ${assigned.process} had begun`)
  return `${effect.process} ${joined(parts)}`
}

/** What happened to this process first after an event, in the past tense: it crashed, froze, was expelled. */
function fateOf(scope: Scope, process: string, after: number, before: number = scope.lastSeq): string | null {
  for (const event of scope.events) {
    if (event.seq <= after || event.seq >= before) continue
    if (!('process' in event) || event.process !== process) continue
    switch (event.kind) {
      case 'process-crashed':
        return event.reason === 'SIGKILL' ? 'crashed' : `crashed (${event.reason})`
      case 'process-paused':
        return 'froze'
      case 'process-terminating':
        return 'was shut down'
      case 'process-exited':
        return 'exited'
      case 'consumer-crashed':
        return `gave up (${event.error})`
      case 'member-removed':
        return event.reason === 'left' ? 'left the group' : 'was expelled from the group'
      case 'revoked':
        return 'had to rejoin'
      default:
    }
  }
  return null
}

function provingEvents({ events, proof }: Scope): HistoryEvent[] {
  return events.filter(({ seq }) => proof.has(seq))
}

type Delivery = EventOf<'handler-start'> | EventOf<'batch-start'>

function isDelivery(event: HistoryEvent): event is Delivery {
  return event.kind === 'handler-start' || event.kind === 'batch-start'
}

function delivers(event: Delivery, record: RecordPosition): boolean {
  if (!samePartition(event, record)) return false
  return event.kind === 'handler-start'
    ? event.offset === record.offset
    : event.offsets.includes(record.offset)
}

function samePartition(
  a: { topic: string; partition: number },
  b: { topic: string; partition: number },
): boolean {
  return a.topic === b.topic && a.partition === b.partition
}

function by(event: HistoryEvent, other: { process: string }): boolean {
  return 'process' in event && event.process === other.process
}

/** `a`, `a and b`, `a, b, and c`. */
function joined(parts: readonly string[]): string {
  if (parts.length <= 2) return parts.join(' and ')
  return `${parts.slice(0, -1).join(', ')}, and ${parts.at(-1)}`
}
