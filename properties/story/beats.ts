import { definitionOf } from '../../harness/core/fault.ts'
import type { EventOf, HistoryEvent, TopicPartition } from '../../harness/core/history.ts'
import { partitionName, recordName } from '../../harness/core/names.ts'
import type { StoryMark, Told } from '../../harness/core/story.ts'
import { partitionsName, recordsName } from '../finding.ts'
import type { Scope } from './scope.ts'

/** One line of a story in the making. Beats of `work` on one partition run together. */
export interface Beat {
  readonly seq: number
  readonly kind: HistoryEvent['kind']
  readonly timeUs: number
  readonly lane: string
  readonly text: string
  readonly mark: StoryMark
  /** 3: proves the finding; 2: turns the story; 1: the course of things. */
  readonly weight: 1 | 2 | 3
  readonly work: Work | null
}

/** Processed records and commits that need no line each. */
export interface Work {
  readonly at: TopicPartition
  readonly first: bigint | null
  readonly last: bigint | null
  readonly committed: bigint | null
}

type Telling = Told & { readonly weight?: 1 | 2; readonly work?: Work }

/** What this event contributes to the story, or null. */
export function beatOf(event: HistoryEvent, scope: Scope): Beat | null {
  const telling = tellingOf(event, scope)
  if (telling === null) return null
  const proves = scope.proof.has(event.seq)
  const { lane, text, mark, weight = 2, work = null } = telling
  return {
    seq: event.seq,
    kind: event.kind,
    timeUs: event.timeUs,
    lane,
    text,
    mark,
    weight: proves ? 3 : weight,
    work: proves ? null : work,
  }
}

function tellingOf(event: HistoryEvent, scope: Scope): Telling | null {
  const harness = (text: string, mark: StoryMark = 'trouble'): Telling => ({ lane: 'harness', text, mark })
  switch (event.kind) {
    case 'fault':
      return event.phase === 'begins' ? definitionOf(event.fault.kind).told(event.fault) : null
    case 'log-start':
      return concerns(event, scope)
        ? harness(`${partitionName(event)} is deleted below ${event.offset}`)
        : null
    case 'truncated':
      return concerns(event, scope) ? harness(`${partitionName(event)} is cut off at ${event.offset}`) : null
    case 'compacted':
      return concerns(event, scope) ? harness(`${partitionName(event)} is compacted`, 'work') : null
    case 'partitions-added':
      return harness(`${event.topic} has ${event.partitions} partitions now`, 'work')
    case 'offset-removed':
      return concerns(event, scope)
        ? harness(`the committed offset of ${partitionName(event)} is removed (${event.reason})`)
        : null
    case 'phase':
      return event.phase === 'drain' ? { ...harness('every fault heals', 'work'), weight: 1 } : null
    case 'drain-deadline':
      return harness('no further progress before the deadline')
    case 'hot-loop':
      return { lane: event.process ?? 'harness', text: 'never lets time pass', mark: 'trouble' }
    case 'append':
      return event.process === null
        ? null
        : { lane: event.process, text: `sends ${recordName(event)}`, mark: 'work' }
    case 'astray':
      return event.process === null
        ? null
        : {
            lane: event.process,
            text: `sends ${recordName(event)} to a deposed leader`,
            mark: 'trouble',
          }
    case 'transaction':
      return event.process === null || !scope.processes.has(event.process)
        ? null
        : {
            lane: event.process,
            text: `transaction ${event.phase}`,
            mark: event.phase === 'aborted' || event.phase === 'fenced' ? 'trouble' : 'work',
            weight: 1,
          }
    default:
      return 'process' in event ? ofProcess(event, scope) : null
  }
}

function ofProcess(event: HistoryEvent, scope: Scope): Telling | null {
  if (!('process' in event) || event.process === null) return null
  const lane = event.process
  const line = (text: string, mark: StoryMark, weight: 1 | 2 = 2): Telling => ({ lane, text, mark, weight })
  if (!scope.processes.has(lane) && !isUpheaval(event)) return null
  switch (event.kind) {
    case 'process-started':
      return event.incarnation > 1 ? line('is started again', 'start') : null
    case 'process-crashed':
      return line(event.reason === 'SIGKILL' ? 'crashes' : `crashes (${event.reason})`, 'crash')
    case 'process-paused':
      return line('freezes', 'freeze')
    case 'process-resumed':
      return line('goes on as if no time had passed', 'resume')
    case 'process-terminating':
      return line('is asked to end (SIGTERM)', 'stop')
    case 'process-exited':
      return event.asked ? line('ends', 'end') : line(`exits with code ${event.code}`, 'crash')
    case 'shutdown-timeout':
      return line('has not ended in time and is killed', 'crash')
    case 'consumer-crashed':
      return line(
        `its consumer crashes (${event.error})${event.restarts ? ' and will start again' : ''}`,
        'trouble',
      )
    case 'consumer-stopped':
      return line('its consumer stops', 'stop', 1)
    case 'member-removed':
      return event.reason === 'left'
        ? line('leaves the group', 'stop', 1)
        : line(`is expelled (${event.reason})`, 'trouble')
    case 'believes':
      return believesLine(event, scope)
    case 'request':
      return event.phase === 'lost' && event.api.endsWith('Commit')
        ? line(`never hears what became of ${event.api}#${event.ordinal}`, 'trouble')
        : null
    default:
      return ofPartition(event, scope)
  }
}

function believesLine(event: EventOf<'believes'>, scope: Scope): Telling | null {
  const mine = event.partitions.filter((at) => scope.partitions.has(partitionName(at)))
  const generation = event.generation < 0 ? '' : ` in generation ${event.generation}`
  const text =
    scope.partitions.size === 0 ? `joins${generation}` : `is given ${partitionsName(mine)}${generation}`
  return scope.partitions.size > 0 && mine.length === 0 ? null : { lane: event.process, text, mark: 'told' }
}

function ofPartition(event: HistoryEvent, scope: Scope): Telling | null {
  if (!('topic' in event && 'partition' in event && 'process' in event) || event.process === null) return null
  if (!concerns(event, scope)) return null
  const lane = event.process
  const name = partitionName(event)
  const line = (text: string, mark: StoryMark, weight: 1 | 2 = 2): Telling => ({ lane, text, mark, weight })
  const work = (part: Partial<Work>): Telling => {
    const made = { at: event, first: null, last: null, committed: null, ...part }
    return { lane, ...workTold(made), weight: 1, work: made }
  }
  switch (event.kind) {
    case 'offset-fetched':
      return event.offset < 0n
        ? line(`learns that ${name} has no committed offset`, 'told')
        : line(`is told to resume ${name} at ${event.offset}`, 'told')
    case 'seek':
      return line(`seeks ${name} to ${event.offset}`, 'work')
    case 'handler-start':
      return isFocus(recordName(event), scope) || scope.proof.has(event.seq)
        ? line(`begins ${recordName(event)}`, 'work', 1)
        : null
    case 'batch-start':
      return line(`is given ${recordsName(event, event.firstOffset, event.lastOffset)}`, 'work', 1)
    case 'handler-failure':
      return line(`fails on ${recordName(event)} (${event.error})`, 'trouble')
    case 'batch-end':
      return event.error === null ? null : line(`fails on its batch (${event.error})`, 'trouble')
    case 'effect':
      if (isFocus(recordName(event), scope)) return line(`processes ${recordName(event)}`, 'work')
      return work({ first: event.offset, last: event.offset })
    case 'effect-failure':
      return line(`fails to process ${recordName(event)} (${event.error})`, 'trouble')
    case 'skip':
      return line(`skips ${recordName(event)} (${event.reason})`, 'work')
    case 'commit':
      return commitTelling(event, line, work)
    default:
      return null
  }
}

function commitTelling(
  event: EventOf<'commit'>,
  line: (text: string, mark: StoryMark) => Telling,
  work: (part: Partial<Work>) => Telling,
): Telling | null {
  const name = partitionName(event)
  switch (event.phase) {
    case 'applied':
      return work({ committed: event.offset })
    case 'rejected':
      return line(
        `tries to commit ${name} up to ${event.offset} and is refused (${event.error ?? ''})`,
        'trouble',
      )
    case 'lost':
      return line(`never hears that ${name} is committed up to ${event.offset}`, 'trouble')
    default:
      return null
  }
}

export function workTold({ at, first, last, committed }: Work): Pick<Told, 'text' | 'mark'> {
  const did = first === null || last === null ? null : `processes ${recordsName(at, first, last)}`
  if (committed === null) return { text: did ?? '', mark: 'work' }
  return {
    text:
      did === null
        ? `commits ${partitionName(at)} up to ${committed}`
        : `${did} and commits up to ${committed}`,
    mark: 'commit',
  }
}

function concerns(event: TopicPartition, scope: Scope): boolean {
  return scope.partitions.has(partitionName(event))
}

function isFocus(name: string, { records }: Scope): boolean {
  return records.has(name)
}

/** What happens to one process and moves partitions of others. */
function isUpheaval({ kind }: HistoryEvent): boolean {
  return kind === 'process-crashed' || kind === 'process-exited' || kind === 'process-terminating'
}
