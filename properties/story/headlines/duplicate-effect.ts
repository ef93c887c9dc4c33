import type { EventOf, HistoryEvent, RecordPosition } from '../../../harness/core/history.ts'
import { partitionName, recordName } from '../../../harness/core/names.ts'
import type { ByProcess } from '../../../harness/core/world-event.ts'
import { labelTold } from '../../effect-label.ts'
import { type Clause, type Headline, shown } from '../clause.ts'
import { type Attempt, type Facts, failure, has, isAt, isDelivery, openAt, sameLife } from '../facts.ts'
import { fateOf } from '../fates.ts'
import type { Scope } from '../scope.ts'
import { codeText, duration, errorText, removalText } from '../words.ts'

/**
 * The two times that a record was processed, and the attempts that did it, where they are known.
 */
interface Twice {
  readonly facts: Facts
  readonly record: RecordPosition
  readonly group: string
  readonly first: DoneEffect
  readonly second: DoneEffect
}

interface DoneEffect extends ByProcess {
  /** The effect, or the output or marker that made it visible. */
  readonly event: HistoryEvent
  readonly attempt: Attempt | null
}

/**
 * `orders/0@0 was processed twice: by consumer-0, and again by consumer-1. consumer-0 crashed
 * before it committed.`
 */
export function duplicateEffect(scope: Scope): Headline | null {
  const [, other] = scope.about.records
  if (other !== undefined) return sameMessage(scope, other)
  const twice = twiceOf(scope)
  if (twice === null) return null
  const { facts, record, first, second, group } = twice
  const by =
    first.process === second.process
      ? ` by ${first.process}`
      : `: by ${first.process}, and again by ${second.process}`
  const forGroup = facts.groups.length > 1 ? ` for the group ${group}` : ''
  const result = shown(
    standsTwice(twice) ?? `${recordName(record)} was processed twice${labelOf(twice)}${forGroup}${by}`,
    first.event,
    second.event,
    first.attempt?.start,
    second.attempt?.start,
  )
  for (const cause of CAUSES) {
    const found = cause(twice)
    if (found !== null) return { result, causes: found }
  }
  return { result, causes: [] }
}

/**
 * `orders/0@0 stands twice in db: by consumer-0 db COMMIT#2, and again by consumer-1 db COMMIT#1`,
 * where effects are what stands in a service; else null.
 */
function standsTwice({ record, first: { event: first }, second: { event: second } }: Twice): string | null {
  if (first.kind !== 'effect' || second.kind !== 'effect') return null
  if (first.call === undefined || second.call === undefined) return null
  return `${recordName(record)} stands twice in ${second.label}: by ${first.call}, and again by ${second.call}`
}

/**
 * `orders/0@1 is the same message as orders/0@0, and both were processed: by deliveries-0 and by
 * deliveries-1. shop-0 wrote it twice.`
 */
function sameMessage({ finding, facts, about, events }: Scope, first: RecordPosition): Headline | null {
  const [second] = about.records
  const [before, after] = finding.events.slice(-2).flatMap((seq) => events[seq] ?? [])
  const [by, again] = about.processes
  if (second === undefined || before === undefined || after === undefined) return null
  if (by === undefined || again === undefined) return null
  const [one, two] = [first, second].map((record) =>
    facts.events.find(
      (event) => event.kind === 'append' && isAt(event, record) && event.offset === record.offset,
    ),
  )
  const who = by === again ? ` by ${by}` : `: by ${again} and by ${by}`
  const result = shown(
    `${recordName(second)} is the same message as ${recordName(first)}, and both were processed${who}`,
    ...[one, two, before, after],
  )
  if (one?.kind !== 'append' || two?.kind !== 'append' || one.process === null) return { result, causes: [] }
  const wrote =
    one.process === two.process
      ? `${one.process} wrote it twice`
      : two.process === null
        ? null
        : `${one.process} wrote it, and ${two.process} wrote it again`
  return { result, causes: wrote === null ? [] : [shown(wrote, one, two)] }
}

function twiceOf({ finding, facts, about, events }: Scope): Twice | null {
  const [record] = about.records
  if (record === undefined) return null
  // The last two events of the proof are those at which it was done.
  const [first, second] = finding.events.slice(-2).flatMap((seq) => events[seq] ?? [])
  const [by, again] = about.processes
  if (first === undefined || second === undefined || by === undefined || again === undefined) return null
  const [a, b] = [
    doneOf(facts, { record, event: first, process: by, again: false }),
    doneOf(facts, { record, event: second, process: again, again: true }),
  ]
  const group = about.group ?? b.attempt?.group ?? facts.groups[0]
  return group === undefined ? null : { facts, record, group, first: a, second: b }
}

interface Doing {
  readonly record: RecordPosition
  readonly event: HistoryEvent
  readonly process: string
  readonly again: boolean
}

function doneOf(facts: Facts, { record, event, process, again }: Doing): DoneEffect {
  const { seq } = event
  const incarnation =
    'incarnation' in event ? event.incarnation : (facts.lifeAt(process, seq)?.incarnation ?? 1)
  const life = { process, incarnation }
  const own = facts.attemptsAt(record).filter((each) => sameLife(each, life) && each.start.seq < seq)
  const attempt =
    event.kind === 'effect'
      ? facts.attemptOf({ ...record, ...life, seq })
      : // Outputs become visible after their handler, when the transaction ends.
        (own[again ? own.length - 1 : 0] ?? null)
  return { ...life, event, attempt }
}

/** Where a record has effects of several labels, the one that happened twice is named. */
function labelOf({ facts, record, second }: Twice): string {
  const labels = facts.events.flatMap((event) =>
    event.kind === 'effect' && recordName(event) === recordName(record) ? [event.label] : [],
  )
  return new Set(labels).size > 1 && second.event.kind === 'effect' ? ` (${labelTold(second.event)})` : ''
}

type DuplicateCause = (twice: Twice) => readonly Clause[] | null

/** The second effect belongs to no running attempt: one that had failed before went on. */
const wentOn: DuplicateCause = ({ facts, record, second }) => {
  if (second.attempt !== null) return null
  const attempts = facts
    .attemptsAt(record)
    .filter((each) => sameLife(each, second) && each.start.seq < second.event.seq)
  if (attempts.some((each) => openAt(each, second.event.seq))) return null
  const left = attempts.find((each) => failure(each) !== null)
  if (left === undefined) return null
  return [shown('an attempt that had failed went on, and finished after the next one', left.start, left.end)]
}

const sameAttempt: DuplicateCause = ({ first, second }) =>
  first.attempt !== null && first.attempt === second.attempt
    ? [shown('one call of its handler did it twice', first.attempt.start)]
    : null

/** Both were at it at the same time. */
const overlapping: DuplicateCause = ({ facts, record, group, first, second }) => {
  const [one, other] = [first.attempt, second.attempt]
  if (one === null || other === null || first.process === second.process) return null
  const late = one.start.seq < other.start.seq ? first : second
  const later = late === first ? other : one
  const earlier = late === first ? one : other
  if (!openAt(earlier, later.start.seq) || late.event.seq < later.start.seq) return null
  const lost = lossOf(facts, { group, record, life: late, before: later.start.seq })
  const process = late.process
  if (lost === null)
    return [
      shown(`${process} was still working on it when ${later.process} began`, earlier.start, later.start),
    ]
  if (lost.seq < earlier.start.seq)
    return [
      shown(
        `${process} went on reading ${partitionName(record)} after it had given it up`,
        lost,
        earlier.start,
      ),
    ]
  const took = facts.between(earlier.start.seq, lost.seq + 1).at(-1)?.timeUs ?? lost.timeUs
  const worked = duration(took - earlier.start.timeUs)
  const reason =
    lost.kind === 'member-removed'
      ? `was removed from the group ${worked} after it had begun (${removalText(lost.reason)})`
      : `gave ${partitionName(record)} up ${worked} after it had begun`
  return [shown(`${process} ${reason}, and went on`, earlier.start, lost)]
}

interface Loss {
  readonly group: string
  readonly record: RecordPosition
  readonly life: ByProcess
  readonly before: number
}

/**
 * The last time before this event that this process lost the partition, and was not given it again.
 */
function lossOf(
  { events }: Facts,
  { group, record, life, before }: Loss,
): EventOf<'member-removed'> | EventOf<'revoked'> | null {
  for (const event of events.slice(0, before).toReversed()) {
    if (!('process' in event && 'group' in event) || event.group !== group || event.process !== life.process)
      continue
    if (event.kind === 'believes' && has(event.partitions, record)) return null
    if (event.kind === 'revoked') return event
    if (event.kind === 'member-removed' && event.reason !== 'left') return event
  }
  return null
}

/** The process committed the offset of the record itself, so that it is the next to be read. */
const committedItself: DuplicateCause = ({ facts, record, group, first, second }) => {
  const until = second.attempt?.start.seq ?? second.event.seq
  const from = first.attempt?.start.seq ?? first.event.seq
  const commit = facts
    .applied(group, record)
    .findLast(
      (each) =>
        each.process === first.process &&
        each.offset === record.offset &&
        facts.sentSeq(each) > from &&
        each.seq < until,
    )
  if (commit === undefined) return null
  const sent = facts.sentSeq(commit)
  const moved = facts.applied(group, record).some(({ seq, offset }) => seq < until && offset > record.offset)
  // A commit of what came before it has the same offset: only where it stood there already, it says
  // nothing new.
  const stoodThere = startOf(facts, { group, record, before: from, process: first.process })
  if (moved || stoodThere === null) return null
  const text = `${first.process} committed offset ${commit.offset}, not ${record.offset + 1n}, after it had begun @${record.offset}`
  const fate = fateOf(facts, first, { after: sent, before: until })
  return fate === null ? [shown(text, commit, stoodThere)] : [shown(text, commit, stoodThere), fate]
}

interface DeliveryStart {
  readonly group: string
  readonly record: RecordPosition
  readonly before: number
  readonly process: string
}

/** The event that told the process to start at this very record. */
function startOf({ events }: Facts, { group, record, before, process }: DeliveryStart): HistoryEvent | null {
  const told = events
    .slice(0, before)
    .findLast(
      (event): event is EventOf<'offset-fetched'> =>
        event.kind === 'offset-fetched' &&
        event.group === group &&
        event.process === process &&
        isAt(event, record),
    )
  if (told === undefined) return null
  if (told.offset === record.offset) return told
  const given = events
    .slice(told.seq, before)
    .some((event) => isDelivery(event) && event.process === process && isAt(event, record))
  return told.offset < 0n && !given ? told : null
}

/** A commit that would have spared it was refused. */
const refused: DuplicateCause = ({ facts, record, group, first, second }) => {
  const commits = covering(facts, { record, group, first, second })
  if (commits.some(({ phase }) => phase === 'applied')) return null
  const until = second.attempt?.start.seq ?? second.event.seq
  const no = commits.find(({ phase, process }) => phase === 'rejected' && process === first.process)
  const refusal = no ?? refusedRequest(facts, first, until)
  if (refusal === null) return null
  const what = refusal.kind === 'commit' ? `commit of offset ${refusal.offset}` : 'commit'
  const text = `${first.process}'s ${what} was refused (${codeText(refusal.error)})`
  const fate = fateOf(facts, first, { after: refusal.seq, before: until })
  return fate?.shownBy.some(({ kind }) => kind !== 'revoked' && kind !== 'member-removed') === true
    ? [shown(text, refusal), { ...fate, text: `${first.process} ${fate.text}` }]
    : [shown(text, refusal)]
}

/** A request that was refused as a whole: of its offsets the history tells nothing. */
function refusedRequest(facts: Facts, first: DoneEffect, until: number): EventOf<'request'> | null {
  const from = first.attempt?.start.seq ?? first.event.seq
  const refusal = facts
    .between(from, until)
    .find(
      (event): event is EventOf<'request'> =>
        event.kind === 'request' &&
        event.phase === 'applied' &&
        event.error !== null &&
        event.api.endsWith('OffsetCommit') &&
        sameLife(event, first),
    )
  return refusal ?? null
}

/** The second had asked where to go on before the commit of the first was applied. */
const askedTooEarly: DuplicateCause = (twice) => {
  const { facts, record, group, first, second } = twice
  const applied = covering(facts, { record, group, first, second }).find(({ phase }) => phase === 'applied')
  if (applied === undefined) return null
  const until = second.attempt?.start.seq ?? second.event.seq
  const told = facts.events
    .slice(0, until)
    .findLast(
      (event): event is EventOf<'offset-fetched'> =>
        event.kind === 'offset-fetched' &&
        event.group === group &&
        event.process === second.process &&
        isAt(event, record),
    )
  const committed = shown(`${applied.process} had committed offset ${applied.offset}`, applied)
  if (told === undefined || told.offset > record.offset || told.seq > applied.seq) return [committed]
  // It has not asked again: its client gives it the record once more, whatever is committed.
  if (sameLife(first, second) && told.seq < (first.attempt?.start.seq ?? 0))
    return [committed, ...(failedAfter(twice) ?? [])]
  const start = told.offset < 0n ? 'at the beginning' : `at ${told.offset}`
  const whose = applied.process === second.process ? 'its own' : `${applied.process}'s`
  const text = `${second.process} was told to start ${start} before ${whose} commit of offset ${applied.offset} was applied`
  return [shown(text, told, applied)]
}

interface Covering {
  readonly record: RecordPosition
  readonly group: string
  readonly first: DoneEffect
  readonly second: DoneEffect
}

/** Commits beyond the record between the first delivery and the second. */
function covering(facts: Facts, { record, group, first, second }: Covering): readonly EventOf<'commit'>[] {
  const from = first.attempt?.start.seq ?? first.event.seq
  const until = second.attempt?.start.seq ?? second.event.seq
  return facts
    .commits(group, record)
    .filter(({ offset, seq }) => offset > record.offset && seq > from && seq < until)
}

/** Its handler failed after all. */
const failedAfter: DuplicateCause = ({ first, second }) => {
  const { attempt } = first
  if (attempt === null || attempt.end === null || first.process !== second.process) return null
  const error = failure(attempt)
  if (error === null || attempt.end.seq < first.event.seq) return null
  return [shown(`its handler failed after that (${errorText(error)})`, attempt.end)]
}

/** A batch in which the app told its client of single records, and not of this one. */
const unresolved: DuplicateCause = ({ facts, record, first }) => {
  const { attempt } = first
  if (attempt === null || attempt.end === null || attempt.start.kind !== 'batch-start') return null
  const resolved = facts
    .between(attempt.start.seq, attempt.end.seq)
    .filter((event) => event.kind === 'resolved' && sameLife(event, attempt) && isAt(event, record))
  const mine = resolved.some((event) => event.kind === 'resolved' && event.offset >= record.offset)
  if (mine || failure(attempt) !== null || resolved.length === 0) return null
  return [shown(`its batch ended with @${record.offset} unresolved`, attempt.end, ...resolved)]
}

/**
 * No commit beyond the record was made before the second delivery, for the reason that came in
 * between.
 */
const uncommitted: DuplicateCause = ({ facts, record, group, first, second }) => {
  const until = second.attempt?.start.seq ?? second.event.seq
  const from = first.attempt?.start.seq ?? first.event.seq
  const removed = facts
    .between(from, first.event.seq)
    .find((event) => event.kind === 'member-removed' && sameLife(event, first) && event.reason !== 'left')
  const fate =
    removed?.kind === 'member-removed'
      ? shown(
          `was removed from the group ${duration(removed.timeUs - (first.attempt?.start.timeUs ?? 0))} after it had begun (${removalText(removed.reason)}),`,
          removed,
          first.attempt?.start,
        )
      : fateOf(facts, first, { after: first.event.seq, before: until })
  if (fate === null) return null
  const none: Clause = {
    ...fate,
    text: `${first.process} ${fate.text} before its offset was committed`,
    denies: {
      after: from,
      before: fate.shownBy[0]?.seq ?? until,
      what: (event) =>
        event.kind === 'commit' &&
        event.phase === 'applied' &&
        event.group === group &&
        isAt(event, record) &&
        event.offset > record.offset,
    },
  }
  return [none]
}

/** The first output is in no transaction, so that nothing takes it back. */
const outside: DuplicateCause = ({ facts, record, group, first, second }) => {
  const { event } = first
  if (event.kind !== 'append' || event.producer?.transactional === true) return null
  const written = shown(`the first output, ${recordName(event)}, is in no transaction`, event)
  const refusal = facts
    .commits(group, record)
    .find(({ phase, seq }) => phase === 'rejected' && seq < second.event.seq)
  if (refusal === undefined) return [written]
  return [
    written,
    shown(`the commit of offset ${refusal.offset} was refused (${codeText(refusal.error)})`, refusal),
  ]
}

/** The first that applies is told. */
const CAUSES: readonly DuplicateCause[] = [
  outside,
  sameAttempt,
  wentOn,
  overlapping,
  refused,
  committedItself,
  askedTooEarly,
  failedAfter,
  unresolved,
  uncommitted,
]
