import type { EventOf, HistoryEvent } from '../../../harness/core/history.ts'
import { partitionName, recordName } from '../../../harness/core/names.ts'
import { on, ownsText, type Telling } from '../beat.ts'
import { has, isAt, isDelivery } from '../facts.ts'
import type { Scope } from '../scope.ts'
import { listed, removalText } from '../words.ts'

/** Beats of a group: changes of its members, and what they learn of it. */
export function groupBeat(event: HistoryEvent, scope: Scope): Telling | null {
  switch (event.kind) {
    case 'member-removed':
      return removed(event, scope)
    case 'assigned':
      return assigned(event, scope)
    case 'believes':
      return believes(event, scope)
    case 'revoked':
      return revoked(event, scope)
    case 'offset-fetched':
      return isInScope(event, scope)
        ? on(event.process)(`reads ${partitionName(event)} ${startOf(event, scope)}`, 'told')
        : null
    case 'offset-set': {
      if (!isInScope(event, scope)) return null
      const place = recordName(event)
      return event.by === 'scenario'
        ? on(event.group)(`begins at ${place}`, 'told')
        : on('harness')(`an operator sets ${event.group} to ${place}`, 'trouble')
    }
    case 'offset-removed': {
      const { fallback } = event
      const older = fallback === undefined ? '' : `, and has offset ${fallback} instead`
      return isInScope(event, scope)
        ? on(event.group)(
            `forgets the committed offset of ${partitionName(event)} (${event.reason})${older}`,
            'trouble',
          )
        : null
    }
    default:
      return null
  }
}

function isInScope(event: HistoryEvent & { topic: string; partition: number }, scope: Scope): boolean {
  return scope.partitions.has(partitionName(event))
}

function removed(event: EventOf<'member-removed'>, { facts }: Scope): Telling {
  if (event.reason === 'left') {
    const which = facts.groups.length > 1 ? event.group : 'the group'
    return on(event.process)(`leaves ${which}`, 'stop', 1)
  }
  const life = facts.lives.findLast(
    ({ process, started }) => process === event.process && started < event.seq,
  )
  const old =
    life !== undefined &&
    (life.ended !== null && life.ended.seq < event.seq ? life : olderLife(event, life.incarnation))
  const who = old
    ? `the ${old.ended?.kind === 'process-crashed' ? 'crashed' : 'former'} ${event.process}`
    : event.process
  return on(event.group)(`removes ${who} (${removalText(event.reason)})`, 'trouble')

  /** The member belonged to a life that is over, and another has begun. */
  function olderLife({ process, incarnation }: EventOf<'member-removed'>, latest: number) {
    const own = facts.lives.find((each) => each.process === process && each.incarnation === incarnation)
    if (own !== undefined && own.ended !== null && own.ended.seq < event.seq) return own
    // The coordinator does not always know which life a member was of: its member id does.
    const joined = facts.events.findLast(
      (each) => each.kind === 'member-joined' && each.memberId === event.memberId && each.seq < event.seq,
    )
    if (joined?.kind !== 'member-joined' || joined.incarnation >= latest) return false
    return (
      facts.lives.find((each) => each.process === process && each.incarnation === joined.incarnation) ?? false
    )
  }
}

/** Only an assignment that its process never learns of: others are told when it does. */
function assigned(event: EventOf<'assigned'>, { events, partitions }: Scope): Telling | null {
  const mine = event.partitions.map(partitionName).filter((name) => partitions.has(name))
  const { process, group, generation, seq } = event
  const learnt = events
    .slice(seq)
    .some(
      (each) =>
        each.kind === 'believes' &&
        each.process === process &&
        each.group === group &&
        each.generation >= generation,
    )
  if (mine.length === 0 || learnt) return null
  return on(group)(`assigns ${listed(mine)} to ${process} (generation ${generation})`, 'told')
}

function believes(event: EventOf<'believes'>, scope: Scope): Telling | null {
  const { generation, process } = event
  if (scope.partitions.size === 0) {
    const brackets = generation < 0 ? '' : ` (generation ${generation})`
    return on(process)(`joins the group${brackets}`, 'told')
  }
  const mine = event.partitions.filter((at) => scope.partitions.has(partitionName(at)))
  // A process that owned something before and owns it no longer is worth a line.
  if (mine.length === 0 && (event.partitions.length > 0 || !ownedBefore(event, scope))) return null
  const owns = { partitions: mine, generation, from: new Map<string, string>() }
  return { lane: process, text: ownsText(owns), mark: 'told', owns, weight: mine.length === 0 ? 1 : 2 }
}

function ownedBefore({ process, group, seq }: EventOf<'believes'>, { events, partitions }: Scope): boolean {
  return events
    .slice(0, seq)
    .some(
      (event) =>
        event.kind === 'believes' &&
        event.process === process &&
        event.group === group &&
        event.partitions.some((at) => partitions.has(partitionName(at))),
    )
}

function revoked({ process, group, seq }: EventOf<'revoked'>, { events, partitions }: Scope): Telling | null {
  const last = events
    .slice(0, seq)
    .findLast(
      (event) =>
        (event.kind === 'believes' || event.kind === 'revoked') &&
        event.process === process &&
        event.group === group,
    )
  if (last?.kind !== 'believes') return null
  const mine = last.partitions.map(partitionName).filter((name) => partitions.has(name))
  return mine.length === 0 ? null : { ...on(process)(`gives ${listed(mine)} up`, 'told', 1), also: [last] }
}

/**
 * `from offset 2`, `from the beginning`: where a consumer reads on, as far as the history shows it.
 */
export function startOf(event: EventOf<'offset-fetched'>, { events }: Scope): string {
  if (event.offset >= 0n) return `from offset ${event.offset}`
  const next = events
    .slice(event.seq + 1)
    .find(
      (each) =>
        ((each.kind === 'believes' && each.process === event.process && !has(each.partitions, event)) ||
          ((each.kind === 'fetched' || isDelivery(each)) && isAt(each, event))) &&
        'process' in each &&
        each.process === event.process,
    )
  const start = next === undefined ? null : firstOffset(next)
  if (start === null) return 'without a committed offset'
  const least = events.find((each) => each.kind === 'append' && isAt(each, event))
  const lowest = least?.kind === 'append' ? least.offset : 0n
  return start <= lowest ? 'from the beginning' : `from @${start}, without a committed offset`
}

function firstOffset(event: HistoryEvent): bigint | null {
  if (event.kind === 'fetched') return event.fetchOffset
  if (event.kind === 'handler-start') return event.offset
  return event.kind === 'batch-start' ? event.firstOffset : null
}
