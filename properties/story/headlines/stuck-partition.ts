import type { EventOf, HistoryEvent, RecordPosition } from '../../../harness/core/history.ts'
import { partitionName, recordName } from '../../../harness/core/names.ts'
import { type Clause, type Headline, shown } from '../clause.ts'
import {
  type Attempt,
  type Facts,
  failure,
  has,
  isAt,
  isDelivery,
  sameLife,
  samePartition,
} from '../facts.ts'
import type { Scope } from '../scope.ts'
import { errorText, listed } from '../words.ts'

interface StandingRecord {
  readonly facts: Facts
  readonly group: string
  readonly record: RecordPosition
  /** The last event of the run. */
  readonly end: number
}

type StuckCause = (standing: StandingRecord) => Headline | null

/** `taxes/0 is stuck at @0: consumer-0 fails on it each time (not a tax record).` */
export function stuckPartition({ about, facts, events }: Scope): Headline | null {
  const [record] = about.records
  if (record === undefined || about.group === undefined) return null
  const standing = { facts, group: about.group, record, end: events.length }
  for (const why of CAUSES) {
    const found = why(standing)
    if (found !== null) return found
  }
  return null
}

function stuck({ facts, group, record }: StandingRecord, where: string, why: Clause): Headline {
  const name = facts.groups.length > 1 ? ` for the group ${group}` : ''
  return {
    result: { ...why, text: `${partitionName(record)} is stuck ${where}${name}: ${why.text}` },
    causes: [],
  }
}

function at({ offset }: RecordPosition): string {
  return `at @${offset}`
}

/** The last attempt at the record itself, or, where there is none, at the partition. */
function lastAttempt({ facts, group, record }: StandingRecord): { attempt: Attempt; own: boolean } | null {
  const own = facts.attemptsAt(record, group).at(-1)
  if (own !== undefined) return { attempt: own, own: true }
  const other = facts.attempts.findLast((each) => each.group === group && samePartition(each.at, record))
  return other === undefined ? null : { attempt: other, own: false }
}

/** `at @1`, or `behind @0` where the record was never delivered. */
function place(standing: StandingRecord, { attempt, own }: { attempt: Attempt; own: boolean }): string {
  return own ? at(standing.record) : `behind @${attempt.offsets.at(-1)}`
}

const neverReturns: StuckCause = (standing) => {
  const last = lastAttempt(standing)
  if (last === null || last.attempt.end !== null || last.attempt.death !== null) return null
  const { start } = last.attempt
  const it = last.attempt.offsets.length > 1 ? 'the handler of its batch' : 'its handler'
  const ended = (event: HistoryEvent): boolean =>
    (event.kind === 'handler-end' || event.kind === 'handler-failure' || event.kind === 'batch-end') &&
    event.process === last.attempt.process &&
    event.group === standing.group &&
    isAt(event, standing.record)
  const stops = standing.facts
    .between(start.seq, standing.end)
    .find(
      (event): event is EventOf<'consumer-stopping'> =>
        event.kind === 'consumer-stopping' && sameLife(event, last.attempt) && event.group === standing.group,
    )
  const calling =
    stops === undefined
      ? ''
      : `, and ${last.attempt.process} called ${stops.call}() of its consumer meanwhile`
  const never: Clause = {
    ...shown(`${it} never returns${calling}`, start, stops),
    denies: { after: start.seq, before: standing.end, what: ended },
  }
  return stuck(standing, place(standing, last), never)
}

/** The app paused the partition, and it was not resumed. */
const paused: StuckCause = (standing) => {
  const { facts, group, record } = standing
  const owner = ownerOf(standing)
  if (owner === null) return null
  const turned = facts.events.findLast(
    (event): event is EventOf<'consumer-paused'> | EventOf<'consumer-resumed'> =>
      (event.kind === 'consumer-paused' || event.kind === 'consumer-resumed') &&
      event.group === group &&
      event.process === owner.process &&
      event.incarnation === owner.incarnation &&
      has(event.partitions, record),
  )
  if (turned === undefined || turned.kind !== 'consumer-paused') return null
  // A consumer that was started again has forgotten it.
  const again = facts.events
    .slice(turned.seq)
    .some(
      (event) =>
        event.kind === 'consumer-started' && event.process === owner.process && event.group === group,
    )
  if (again) return null
  const last = lastAttempt(standing)
  const failed = last === null ? null : failure(last.attempt)
  const after = failed === null ? '' : `its handler failed (${errorText(failed)}), and `
  const moment = `${(turned.timeUs / 1_000_000).toFixed(1)} s`
  const why = shown(
    `${after}${owner.process} has paused ${partitionName(record)} since ${moment}, and nothing resumes it`,
    turned,
    failed === null ? null : last?.attempt.end,
  )
  const resumes = (event: HistoryEvent): boolean =>
    event.kind === 'consumer-resumed' && event.process === owner.process && has(event.partitions, record)
  return stuck(standing, last === null ? at(record) : place(standing, last), {
    ...why,
    denies: { after: turned.seq, before: standing.end, what: resumes },
  })
}

const fails: StuckCause = (standing) => {
  const last = lastAttempt(standing)
  if (last === null || !last.own) return null
  const attempts = standing.facts.attemptsAt(standing.record, standing.group)
  const ended = attempts.filter(({ end }) => end !== null)
  const errors = ended.map(failure)
  const error = errors.at(-1)
  if (error == null || last.attempt.end === null) return null
  const each = ended.length > 1 && errors.every((one) => one !== null)
  const { process } = last.attempt
  const text = each
    ? `${process} fails on it each time (${errorText(error)})`
    : `${process} failed on it (${errorText(error)}), and it was not delivered again`
  return stuck(standing, at(standing.record), shown(text, last.attempt.end, ...ended.map(({ end }) => end)))
}

const withoutEffect: StuckCause = (standing) => {
  const last = lastAttempt(standing)
  if (last === null || !last.own || last.attempt.end === null || failure(last.attempt) !== null) return null
  const effect = (event: HistoryEvent): boolean =>
    event.kind === 'effect' && recordName(event) === recordName(standing.record)
  const why: Clause = {
    ...shown('its handler returned without an effect', last.attempt.start, last.attempt.end),
    denies: { after: last.attempt.start.seq, before: standing.end, what: effect },
  }
  return stuck(standing, at(standing.record), why)
}

/** The group has no committed offset, and its client began behind the record. */
const startedBehind: StuckCause = (standing) => {
  const { facts, group, record } = standing
  const told = facts.events.findLast(
    (event): event is EventOf<'offset-fetched'> =>
      event.kind === 'offset-fetched' && event.group === group && isAt(event, record),
  )
  if (told === undefined || told.offset >= 0n) return null
  const fetched = facts.events
    .slice(told.seq)
    .find(
      (event): event is EventOf<'fetched'> =>
        event.kind === 'fetched' && event.process === told.process && isAt(event, record),
    )
  if (fetched === undefined || fetched.fetchOffset <= record.offset) return null
  const why = shown(
    `${told.process} started behind it, at ${fetched.fetchOffset}, since the group ${group} had no committed offset`,
    told,
    fetched,
  )
  return stuck(standing, at(record), why)
}

const ownedAndNotRead: StuckCause = (standing) => {
  const owner = ownerOf(standing)
  if (owner === null) return null
  const { record, facts, group } = standing
  const last = lastAttempt(standing)
  const removed = facts.events
    .slice(owner.seq)
    .find((event) => event.kind === 'member-removed' && event.memberId === owner.memberId)
  const [partition, missed] = [partitionName(record), recordName(record)]
  const text =
    removed === undefined
      ? `${owner.process} owns ${partition} and was not given ${missed}`
      : `${owner.process} was not given ${missed} and takes ${partition} for its own still, although the group ${group} has removed it`
  const given = (event: HistoryEvent): boolean =>
    isDelivery(event) &&
    event.process === owner.process &&
    isAt(event, record) &&
    (event.kind === 'handler-start' ? event.offset === record.offset : event.offsets.includes(record.offset))
  if (facts.events.slice(owner.seq).some(given)) return null
  return stuck(standing, last === null ? at(record) : place(standing, last), {
    ...shown(text, owner, removed),
    denies: { after: owner.seq, before: standing.end, what: given },
  })
}

/** The group gave it to a process that never learnt of it. */
const neverHeard: StuckCause = (standing) => {
  const assigned = assignedTo(standing)
  if (assigned === null) return null
  const { record, group } = standing
  const learnt = (event: HistoryEvent): boolean =>
    event.kind === 'believes' && event.process === assigned.process && has(event.partitions, record)
  const text = `the group ${group} gave it to ${assigned.process}, which never learnt of it`
  return stuck(standing, at(record), {
    ...shown(text, assigned),
    denies: { after: assigned.seq, before: standing.end, what: learnt },
  })
}

const assignedToNobody: StuckCause = (standing) => {
  const { record, group, facts } = standing
  const generation = facts.events.findLast(
    (event): event is EventOf<'generation'> => event.kind === 'generation' && event.group === group,
  )
  if (generation === undefined) return null
  const processes = generation.members.map(({ process }) => process)
  const alive = processes.filter((process) => facts.lifeAt(process, standing.end)?.ended === null)
  if (alive.length === 0)
    return stuck(standing, at(record), shown(`the group ${group} has no members left`, generation))
  const topics = alive.map((process) => topicsOf(facts, process, group))
  const uneven = topics.some(({ text }) => text !== topics[0]?.text)
  const members = alive.map((process, index) => `${process}${uneven ? ` (${topics[index]?.text})` : ''}`)
  const text = `it is assigned to nobody, although ${listed(members)} ${alive.length === 1 ? 'is a member' : 'are members'} of ${group}`
  return stuck(standing, at(record), {
    ...shown(text, generation, ...topics.flatMap(({ events }) => events)),
    denies: {
      after: generation.seq,
      before: standing.end,
      what: (event) => event.kind === 'assigned' && event.group === group && has(event.partitions, record),
    },
  })
}

function topicsOf(
  { events }: Facts,
  process: string,
  group: string,
): { readonly text: string; readonly events: readonly HistoryEvent[] } {
  const started = events.findLast(
    (event): event is EventOf<'consumer-started'> =>
      event.kind === 'consumer-started' && event.process === process && event.group === group,
  )
  return started === undefined
    ? { text: 'no topics', events: [] }
    : { text: listed(started.topics), events: [started] }
}

/** The last belief in owning the partition, of a life that goes on and has not given it up. */
function ownerOf({ facts, group, record }: StandingRecord): EventOf<'believes'> | null {
  const given = new Set<string>()
  for (const event of facts.events.toReversed()) {
    if (event.kind === 'revoked' && event.group === group) given.add(event.process)
    if (event.kind !== 'believes' || event.group !== group || given.has(event.process)) continue
    given.add(event.process)
    if (has(event.partitions, record) && !facts.isOver(event, facts.events.length)) return event
  }
  return null
}

/** The coordinator's last word about the partition, where it gave it to a life that goes on. */
function assignedTo({ facts, group, record }: StandingRecord): EventOf<'assigned'> | null {
  const seenMembers = new Set<string>()
  for (const event of facts.events.toReversed()) {
    if (event.kind === 'member-removed' && event.group === group) seenMembers.add(event.memberId)
    if (event.kind !== 'assigned' || event.group !== group || seenMembers.has(event.memberId)) continue
    seenMembers.add(event.memberId)
    if (has(event.partitions, record) && !facts.isOver(event, facts.events.length)) return event
  }
  return null
}

/** The first that applies is told. */
const CAUSES: readonly StuckCause[] = [
  neverReturns,
  paused,
  fails,
  withoutEffect,
  startedBehind,
  ownedAndNotRead,
  neverHeard,
  assignedToNobody,
]
