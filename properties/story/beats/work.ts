import type { EventOf, HistoryEvent, RecordPosition } from '../../../harness/core/history.ts'
import { operationName, parseCallName, partitionName, recordName } from '../../../harness/core/names.ts'
import { labelTold } from '../../effect-label.ts'
import { on, type Telling, workTold } from '../beat.ts'
import { sameLife, samePartition } from '../facts.ts'
import type { Scope } from '../scope.ts'
import { errorText, recordsText } from '../words.ts'

/** Handlers, effects, and what the app writes. */
export function workBeat(event: HistoryEvent, scope: Scope): Telling | null {
  switch (event.kind) {
    case 'append':
      return append(event, scope)
    case 'astray':
      return event.process === null
        ? null
        : on(event.process)(`writes ${recordName(event)} to a broker that no longer leads it`, 'trouble')
    case 'store-commit':
      return storeCommit(event, scope)
    case 'handler-start':
      return isFocus(event, scope) ? on(event.process)(`begins ${recordName(event)}`, 'work', 1) : null
    case 'handler-end':
      return endsIdle(event, scope)
        ? on(event.process)(`ends ${recordName(event)} without an effect`, 'trouble')
        : null
    case 'handler-failure':
      return isNear(event, scope)
        ? on(event.process)(`fails on ${recordName(event)} (${errorText(event.error)})`, 'trouble')
        : null
    case 'batch-start': {
      const { firstOffset, lastOffset } = event
      const records = recordsText(event, firstOffset, lastOffset)
      return isNear(event, scope) ? on(event.process)(`gets the batch ${records}`, 'work', 1) : null
    }
    case 'batch-end':
      return event.error !== null && isNear(event, scope)
        ? on(event.process)(`fails on its batch (${errorText(event.error)})`, 'trouble')
        : null
    case 'effect':
      return isNear(event, scope) ? effect(event, scope) : null
    case 'effect-undone':
      return isNear(event, scope)
        ? on(event.process)(`takes away what stood in ${event.label} for ${recordName(event)}`, 'trouble')
        : null
    case 'effect-failure':
      // A fault that strikes here is told wherever its record is.
      return isNear(event, scope) || scope.strikes.has(event.seq)
        ? on(event.process)(`fails to process ${recordName(event)} (${errorText(event.error)})`, 'trouble')
        : null
    case 'skip':
      return isNear(event, scope)
        ? on(event.process)(`skips ${recordName(event)} (${errorText(event.reason)})`, 'work')
        : null
    case 'seek':
      return isNear(event, scope)
        ? on(event.process)(`seeks ${partitionName(event)} to ${event.offset}`, 'work')
        : null
    default:
      return null
  }
}

function isNear(event: { topic: string; partition: number }, { partitions }: Scope): boolean {
  return partitions.has(partitionName(event))
}

function isFocus(event: RecordPosition & { seq: number }, { records, proof }: Scope): boolean {
  return records.has(recordName(event)) || proof.has(event.seq)
}

function append(event: EventOf<'append'>, scope: Scope): Telling | null {
  const name = recordName(event)
  if (event.process !== null) return written(event, event.process, scope)
  const before = scope.events
    .slice(0, event.seq)
    .some((each) => each.kind === 'append' && recordName(each) === name)
  const workload = on('workload')
  const cut = scope.strikes.has(event.seq) ? ', cut in half' : ''
  if (event.again === true) return isFocus(event, scope) ? on('cluster')(`has ${name} back`, 'work') : null
  // A record that is there from the start needs no line.
  const late = scope.records.has(name) && scope.facts.hasBegun(event.seq)
  if (cut === '' && !before && !late) return null
  if (cut === '' && !isFocus(event, scope)) return null
  return workload(`writes ${before ? 'the new ' : ''}${name}${cut}`, 'work')
}

/** A process that is over or frozen writes nothing: what it had sent arrives. */
function written(event: EventOf<'append'>, process: string, { facts }: Scope): Telling {
  const name = recordName(event)
  const life = facts.lifeAt(process, event.seq)
  const arrives = life !== undefined && facts.isStill(life, event.seq)
  return arrives
    ? on('cluster')(`appends ${name}, which ${process} had sent`, 'work')
    : on(process)(`writes ${name}`, 'work')
}

function storeCommit(event: EventOf<'store-commit'>, scope: Scope): Telling | null {
  const busy = scope.facts.attempts.some(
    (attempt) =>
      sameLife(attempt, event) &&
      attempt.start.seq < event.seq &&
      (attempt.end?.seq ?? Number.POSITIVE_INFINITY) > event.seq &&
      attempt.offsets.some((offset) => scope.records.has(recordName({ ...attempt.at, offset }))),
  )
  if (!busy) return null
  const answer = event.acknowledged ? '' : ', and gets no answer'
  return on(event.process)(
    `commits its store transaction${answer}`,
    event.acknowledged ? 'work' : 'trouble',
    1,
  )
}

/** Whether a handler of the story's records ends without an effect. */
export function endsIdle(event: EventOf<'handler-end'>, scope: Scope): boolean {
  return !scope.isOfAll && isFocus(event, scope) && isIdle(event, scope)
}

/**
 * The handler of this record returned, and nothing had come of the record between its start and its
 * end.
 */
function isIdle(event: EventOf<'handler-end'>, { facts, events }: Scope): boolean {
  const attempt = facts.attempts.find(({ end }) => end === event)
  if (attempt === undefined) return false
  return !events
    .slice(attempt.start.seq, event.seq)
    .some(
      (each) =>
        ((each.kind === 'effect' || each.kind === 'skip') &&
          samePartition(each, event) &&
          each.offset === event.offset &&
          each.process === event.process) ||
        (each.kind === 'append' && each.process === event.process) ||
        each.kind === 'transaction',
    )
}

function effect(event: EventOf<'effect'>, scope: Scope): Telling | null {
  const { facts, strikes, events } = scope
  const name = recordName(event)
  const answer = strikes.has(event.seq) ? ', and gets no answer' : ''
  if (facts.isStill(event, event.seq))
    return on('store')(`${name} is processed: ${event.process} had sent that before`, 'trouble')
  if (!isFocus(event, scope) && answer === '') {
    const work = { at: event, first: event.offset, last: event.offset, committed: null }
    return { lane: event.process, ...workTold(work), weight: 1, work }
  }
  const others = events.filter((each) => each.kind === 'effect' && recordName(each) === name)
  const labels = new Set(others.map((each) => (each.kind === 'effect' ? each.label : '')))
  const label = labels.size > 1 ? ` (${labelTold(event)})` : ''
  const how = event.via === 'transaction' ? 'commits the effect of' : 'processes'
  return on(event.process)(
    `${how} ${name}${label}${secondTime(event, scope)}${callOf(event)}${answer}`,
    'work',
  )
}

/** The call by which it came to stand in a service. */
function callOf({ call }: EventOf<'effect'>): string {
  const made = call === undefined ? null : parseCallName(call)
  return made === null ? '' : `, by ${operationName(made)} at ${made.service}`
}

function secondTime({ seq }: EventOf<'effect'>, { finding, about }: Scope): string {
  if (finding.property !== 'duplicate-effect' || finding.events.at(-1) !== seq) return ''
  const [, other] = about.records
  return other === undefined ? ' a second time' : `, the same message as ${recordName(other)}`
}
