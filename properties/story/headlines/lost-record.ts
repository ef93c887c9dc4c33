import type { EventOf, HistoryEvent, RecordPosition } from '../../../harness/core/history.ts'
import { partitionName, recordName } from '../../../harness/core/names.ts'
import { type Clause, type Headline, shown } from '../clause.ts'
import {
  type Attempt,
  type Facts,
  failure,
  isAt,
  isDelivery,
  openAt,
  sameLife,
  samePartition,
} from '../facts.ts'
import { fateOf } from '../fates.ts'
import type { Scope } from '../scope.ts'
import { errorText, recordsText } from '../words.ts'

/**
 * `orders/0@1 is lost. consumer-0 committed offset 2 after its handler had returned without an
 * effect, …`
 */
export function lostRecord(scope: Scope): Headline | null {
  const { about, facts } = scope
  const [record] = about.records
  const group = about.group ?? facts.groups[0]
  const last = about.records.at(-1)
  if (record === undefined || last === undefined || group === undefined) return null
  const lost = (before: string): Clause =>
    shown(
      `${before}${recordsText(record, record.offset, last.offset)} ${record === last ? 'is' : 'are'} lost${forGroup(scope)}`,
      ...appendsOf(scope, about.records),
    )
  const replaced = replacedBy(scope, record)
  const undone = undoneIn(scope, record)
  if (undone !== null) return { result: lost(''), causes: [undone] }
  const copy = copyOf(scope)
  if (copy !== null) return { result: lost(''), causes: copy }
  const commit = passing(facts, group, record, replaced === null ? appendSeq(scope, record) : 0)
  if (replaced !== null && commit !== undefined)
    return { result: lost('the new '), causes: byReplacement(scope, { replaced, commit, record }) }
  const resume = resumeBehind(facts, group, record, 0)
  const skipped = resume !== null && neverReached(facts, group, record)
  const withoutOffset = skipped && (commit === undefined || resume.event.seq < commit.seq)
  if (withoutOffset || commit === undefined)
    return { result: lost(''), causes: byPolicy(scope, { resume, record, group }) }
  return { result: lost(''), causes: byCommit(facts, { commit, group, records: about.records }) }
}

function forGroup({ about, facts }: Scope): string {
  return facts.groups.length > 1 && about.group !== undefined ? ` for the group ${about.group}` : ''
}

function appendsOf({ events }: Scope, records: readonly RecordPosition[]): HistoryEvent[] {
  const names = new Set(records.map(recordName))
  return events.filter((event) => event.kind === 'append' && names.has(recordName(event)))
}

function appendSeq(scope: Scope, record: RecordPosition): number {
  return appendsOf(scope, [record]).at(-1)?.seq ?? 0
}

/**
 * The event that took away a record that stood there before, or null: the record is the first with
 * its offset.
 */
function replacedBy(scope: Scope, record: RecordPosition): HistoryEvent | null {
  const appends = appendsOf(scope, [record])
  const [first, latest] = [appends[0], appends.at(-1)]
  if (first === undefined || latest === undefined || first === latest) return null
  const between = scope.facts.between(first.seq, latest.seq)
  return (
    between.find((event) => event.kind === 'topic-deleted' && event.topic === record.topic) ??
    between.find(
      (event) => event.kind === 'truncated' && isAt(event, record) && event.offset <= record.offset,
    ) ??
    null
  )
}

/** The event that took away what stood for the record in its service, for good. */
function undoneIn({ events }: Scope, record: RecordPosition): Clause | null {
  const last = events.findLast(
    (event): event is EventOf<'effect'> | EventOf<'effect-undone'> =>
      (event.kind === 'effect' || event.kind === 'effect-undone') &&
      isAt(event, record) &&
      event.offset === record.offset,
  )
  if (last?.kind !== 'effect-undone' || last.left > 0) return null
  return shown(`what stood for it in ${last.label} was taken away by ${last.call}`, last)
}

/** A copy of the record was handed to another topic, and went with the only replica that had it. */
function copyOf({ events, finding, about }: Scope): readonly Clause[] | null {
  const proving = finding.events.flatMap((seq) => events[seq] ?? [])
  const copy = proving.find(
    (event) =>
      (event.kind === 'append' || event.kind === 'astray') &&
      !about.records.some((record) => isAt(event, record)),
  )
  const lostBy = proving.find((event) => event.kind === 'truncated' || event.kind === 'astray')
  if (copy === undefined || lostBy === undefined || !('offset' in copy) || !('partition' in copy)) return null
  return [shown(`its copy ${recordName(copy)} was on one replica only, and went with it`, copy, lostBy)]
}

/** The first commit of the group beyond the record. */
function passing(
  facts: Facts,
  group: string,
  record: RecordPosition,
  after: number,
): EventOf<'commit'> | undefined {
  const beyond = facts.applied(group, record).filter(({ offset }) => offset > record.offset)
  return beyond.find(({ seq }) => seq > after) ?? beyond[0]
}

interface Replacement {
  readonly replaced: HistoryEvent
  readonly commit: EventOf<'commit'>
  readonly record: RecordPosition
}

function byReplacement(scope: Scope, { replaced, commit, record }: Replacement): readonly Clause[] {
  const by =
    replaced.kind === 'topic-deleted'
      ? 'the topic was deleted and made again'
      : 'the cluster lost the old one'
  const own = scope.facts
    .attemptsAt(record, commit.group)
    .find(({ start, process }) => process === commit.process && start.seq < appendSeq(scope, record))
  const when =
    commit.seq < appendSeq(scope, record) ? 'the old one' : 'the old one, after the new one was written'
  const committed =
    own === undefined
      ? shown(`${commit.process} had committed offset ${commit.offset} before`, commit)
      : shown(`${commit.process} committed offset ${commit.offset} for ${when}`, commit, own.start)
  return [shown(by, replaced), committed]
}

interface ResumePosition {
  readonly event: HistoryEvent & { readonly process: string }
  readonly offset: bigint
}

/** The first event after this one that gave, or told, a process a position behind the record. */
function resumeBehind(
  facts: Facts,
  group: string,
  record: RecordPosition,
  after: number,
): ResumePosition | null {
  for (const event of facts.between(after, facts.events.length)) {
    if (!isAt(event, record) || !('group' in event) || event.group !== group) continue
    const offset = isDelivery(event)
      ? event.kind === 'batch-start'
        ? event.firstOffset
        : event.offset
      : event.kind === 'offset-fetched'
        ? event.offset
        : null
    if (offset !== null && offset > record.offset && 'process' in event && event.process !== null)
      return { event, offset }
  }
  return null
}

/** Whether no process of the group was given the record, or anything before it. */
function neverReached({ attempts }: Facts, group: string, record: RecordPosition): boolean {
  return !attempts.some(
    (attempt) =>
      attempt.group === group &&
      samePartition(attempt.at, record) &&
      attempt.offsets.some((offset) => offset <= record.offset),
  )
}

interface Policy {
  readonly resume: ResumePosition | null
  readonly record: RecordPosition
  readonly group: string
}

/** No commit stands behind it: the client began further on by itself. */
function byPolicy({ facts, events }: Scope, { resume, record, group }: Policy): readonly Clause[] {
  const without = events.findLast(
    (event): event is EventOf<'offset-fetched'> =>
      event.kind === 'offset-fetched' &&
      event.group === group &&
      isAt(event, record) &&
      event.offset < 0n &&
      (resume === null || event.seq < resume.event.seq),
  )
  const who = resume?.event.process ?? without?.process
  if (who === undefined) return []
  const endThen = logEnd(facts, record, without?.seq ?? resume?.event.seq ?? 0)
  const atEnd = resume === null || resume.offset >= endThen
  const where =
    resume === null ? 'at its end' : atEnd ? `at its end (${resume.offset})` : `at @${resume.offset}`
  const began = shown(`${who} began ${partitionName(record)} ${where}`, resume?.event, without)
  return without === undefined
    ? [began]
    : [began, shown(`the group ${group} had no committed offset there`, without)]
}

function logEnd({ events }: Facts, record: RecordPosition, before: number): bigint {
  let end = 0n
  for (const event of events.slice(0, before))
    if (event.kind === 'append' && isAt(event, record) && event.offset >= end) end = event.offset + 1n
  return end
}

interface CommitOfRecords {
  readonly commit: EventOf<'commit'>
  readonly group: string
  readonly records: readonly RecordPosition[]
}

function byCommit(facts: Facts, { commit, group, records }: CommitOfRecords): readonly Clause[] {
  const [record] = records
  if (record === undefined) return []
  const sent = facts.sentSeq(commit)
  const states = records.map((each) => stateOf(facts, { commit, group, record: each, sent }))
  const [state] = states
  const alike = states.every((each) => each.text === state?.text)
  const one = records.length === 1
  const how =
    alike && state !== undefined && (one || state.denies === undefined)
      ? state
      : unprocessed(facts, commit, records)
  const committed: Clause = {
    ...how,
    text: `${commit.process} committed offset ${commit.offset} ${how.text}${asString(facts, commit)}`,
    shownBy: [commit, ...how.shownBy],
  }
  const resume = resumeBehind(facts, group, record, commit.seq)
  const before = resume?.event.seq ?? facts.events.length
  const fate = fateOf(facts, commit, { after: sent, before })
  const clauses = fate === null ? [committed] : [committed, fate]
  if (resume === null) return clauses
  const same = resume.event.process === commit.process
  const who = same ? (fate === null ? 'it ' : '') : `${resume.event.process} `
  return [...clauses, shown(`${who}resumed at ${resume.offset}`, resume.event)]
}

interface LossState {
  readonly commit: EventOf<'commit'>
  readonly group: string
  readonly record: RecordPosition
  readonly sent: number
}

/** How far the record was when the commit was sent. */
function stateOf(facts: Facts, { commit, group, record, sent }: LossState): Clause {
  const attempt = facts
    .attemptsAt(record, group)
    .findLast((each) => sameLife(each, commit) && each.start.seq < sent)
  if (attempt === undefined) return notGiven(commit, record, sent)
  const failed = failedIn(facts, attempt, record, sent)
  if (failed !== null) return failed
  if (openAt(attempt, sent)) return shown('while its handler was still working on it', attempt.start)
  if (attempt.end === null || failure(attempt) !== null) return unprocessed(facts, commit, [record])
  return {
    ...shown('after its handler had returned without an effect', attempt.start, attempt.end),
    denies: { after: attempt.start.seq, before: sent, what: (event) => isEffectOf(event, record) },
  }
}

function notGiven(commit: EventOf<'commit'>, record: RecordPosition, sent: number): Clause {
  const given = (event: HistoryEvent): boolean =>
    isDelivery(event) &&
    sameLife(event, commit) &&
    event.group === commit.group &&
    isAt(event, record) &&
    (event.kind === 'handler-start' ? event.offset === record.offset : event.offsets.includes(record.offset))
  return { ...shown('without having been given it'), denies: { after: -1, before: sent, what: given } }
}

function failedIn(facts: Facts, attempt: Attempt, record: RecordPosition, sent: number): Clause | null {
  const effect = facts
    .between(attempt.start.seq, sent)
    .find(
      (event): event is EventOf<'effect-failure'> =>
        event.kind === 'effect-failure' &&
        sameLife(event, attempt) &&
        recordName(event) === recordName(record),
    )
  if (effect !== undefined)
    return shown(`although @${record.offset} had failed (${errorText(effect.error)})`, effect)
  const { end } = attempt
  const error = failure(attempt)
  if (end === null || error === null || end.seq >= sent) return null
  return shown(`although @${record.offset} had failed (${errorText(error)})`, end)
}

function unprocessed(
  { events }: Facts,
  commit: EventOf<'commit'>,
  records: readonly RecordPosition[],
): Clause {
  const done = (event: HistoryEvent): boolean =>
    'process' in event &&
    event.process === commit.process &&
    records.some((record) => isEffectOf(event, record))
  const what = records.length === 1 ? 'it' : 'them'
  return {
    ...shown(`without having processed ${what}`),
    denies: { after: -1, before: events.length, what: done },
  }
}

function isEffectOf(event: HistoryEvent, record: RecordPosition): boolean {
  return event.kind === 'effect' && recordName(event) === recordName(record)
}

/** Offsets are strings: `'1' + 1` is `'11'`. */
function asString(facts: Facts, commit: EventOf<'commit'>): string {
  const last = facts
    .between(-1, facts.sentSeq(commit))
    .findLast((event) => event.kind === 'effect' && isAt(event, commit) && event.process === commit.process)
  if (last?.kind !== 'effect' || `${last.offset}1` !== `${commit.offset}`) return ''
  return ` ('${last.offset}' + 1 is '${commit.offset}': offsets are strings)`
}
