import type { EventOf, HistoryEvent, RecordPosition, TopicPartition } from '../../harness/core/history.ts'
import { partitionName, requestName } from '../../harness/core/names.ts'
import type { Delivery } from '../views/passages.ts'

export type HandlerEnd = EventOf<'handler-end'> | EventOf<'handler-failure'> | EventOf<'batch-end'>
export type Death = EventOf<'process-crashed'> | EventOf<'process-exited'>

/** One invocation of a handler. */
export interface Attempt {
  readonly group: string
  readonly process: string
  readonly incarnation: number
  readonly at: TopicPartition
  readonly offsets: readonly bigint[]
  readonly start: Delivery
  /** Null: it never returned, or its process died in it. */
  end: HandlerEnd | null
  /** Why it has no end: its process died. */
  death: Death | null
}

/** From the start of a process to its end. */
export interface Life {
  readonly process: string
  readonly incarnation: number
  readonly started: number
  ended: Death | null
}

/** The attempts, lives and groups of a whole history, looked up by the parts of a story. */
export class Facts {
  readonly events: readonly HistoryEvent[]
  readonly attempts: readonly Attempt[]
  readonly lives: readonly Life[]
  /** Groups that were joined, in the order in which they appear. */
  readonly groups: readonly string[]
  readonly #sent: ReadonlyMap<string, HistoryEvent>

  constructor(events: readonly HistoryEvent[]) {
    this.events = events
    const attempts: Attempt[] = []
    const lives: Life[] = []
    const groups = new Set<string>()
    const sent = new Map<string, HistoryEvent>()
    for (const event of events) {
      if ('group' in event) groups.add(event.group)
      if (event.kind === 'request' && event.phase === 'sent') sent.set(requestName(event), event)
      if (event.kind === 'process-started')
        lives.push({
          process: event.process,
          incarnation: event.incarnation,
          started: event.seq,
          ended: null,
        })
      if (isDelivery(event)) attempts.push(attemptOf(event))
      if (isHandlerEnd(event)) {
        const open = attempts.find(
          (attempt) => attempt.end === null && isOpen(attempt) && ends(event, attempt),
        )
        if (open !== undefined) open.end = event
      }
      if (!isDeath(event)) continue
      for (const life of lives) if (sameLife(life, event)) life.ended ??= event
      for (const attempt of attempts) if (sameLife(attempt, event) && isOpen(attempt)) attempt.death = event
    }
    this.attempts = attempts
    this.lives = lives
    this.groups = [...groups]
    this.#sent = sent
  }

  /** Attempts at this record, of one group where it is known. */
  attemptsAt(record: RecordPosition, group?: string): readonly Attempt[] {
    return this.attempts.filter(
      (attempt) =>
        (group === undefined || attempt.group === group) &&
        samePartition(attempt.at, record) &&
        attempt.offsets.includes(record.offset),
    )
  }

  /** The attempt that an effect came from, or null: none was open, or more than one was. */
  attemptOf(effect: RecordPosition & { process: string; incarnation: number; seq: number }): Attempt | null {
    const open = this.attemptsAt(effect).filter(
      (attempt) => sameLife(attempt, effect) && attempt.start.seq < effect.seq && openAt(attempt, effect.seq),
    )
    return open.length === 1 ? (open[0] ?? null) : null
  }

  /** The life of this process that had begun last before this event. */
  lifeAt(process: string, seq: number): Life | undefined {
    return this.lives.findLast((life) => life.process === process && life.started <= seq)
  }

  /** Whether a process had been started by then. */
  hasBegun(seq: number): boolean {
    return this.lives.some(({ started }) => started < seq)
  }

  /**
   * Whether this incarnation is over at this event. An incarnation whose start was not seen is
   * alive.
   */
  isOver({ process, incarnation }: { process: string; incarnation: number }, seq: number): boolean {
    const life = this.lives.find((each) => each.process === process && each.incarnation === incarnation)
    return life !== undefined && life.ended !== null && life.ended.seq < seq
  }

  /** Whether this life can do nothing at this event: it is over, or frozen. */
  isStill(life: InLife, seq: number): boolean {
    if (this.isOver(life, seq)) return true
    const turned = this.events
      .slice(0, seq)
      .findLast(
        (event) =>
          (event.kind === 'process-paused' || event.kind === 'process-resumed') && sameLife(event, life),
      )
    return turned?.kind === 'process-paused'
  }

  /**
   * When the request that carried this commit was written to the socket; the commit itself, where
   * nobody saw it.
   */
  sentSeq(commit: EventOf<'commit'>): number {
    const { process, ordinal, transactional } = commit
    const api = transactional ? 'TxnOffsetCommit' : 'OffsetCommit'
    const event = this.#sent.get(requestName({ process, api, ordinal }))
    return event !== undefined && event.seq < commit.seq ? event.seq : commit.seq
  }

  /** Commits of this group and partition that the coordinator applied, in order. */
  applied(group: string, at: TopicPartition): readonly EventOf<'commit'>[] {
    return this.commits(group, at).filter(({ phase }) => phase === 'applied')
  }

  commits(group: string, at: TopicPartition): readonly EventOf<'commit'>[] {
    return this.events.filter(
      (event): event is EventOf<'commit'> =>
        event.kind === 'commit' && event.group === group && samePartition(event, at),
    )
  }

  between(from: number, to: number): readonly HistoryEvent[] {
    return this.events.slice(from + 1, Math.max(from + 1, to))
  }
}

function attemptOf(start: Delivery): Attempt {
  const { group, process, incarnation, topic, partition } = start
  const offsets = start.kind === 'handler-start' ? [start.offset] : start.offsets
  return { group, process, incarnation, at: { topic, partition }, offsets, start, end: null, death: null }
}

function isOpen({ end, death }: Attempt): boolean {
  return end === null && death === null
}

/** Whether it ran at this event. */
export function openAt({ start, end, death }: Attempt, seq: number): boolean {
  const over = end ?? death
  return start.seq <= seq && (over === null || over.seq > seq)
}

function ends(event: HandlerEnd, { group, process, at, start }: Attempt): boolean {
  if (event.group !== group || event.process !== process || !samePartition(event, at)) return false
  if (event.kind === 'batch-end')
    return start.kind === 'batch-start' && start.firstOffset === event.firstOffset
  return start.kind === 'handler-start' && start.offset === event.offset
}

/** The error that the attempt ended with, or null. */
export function failure({ end }: Attempt): string | null {
  if (end === null || end.kind === 'handler-end') return null
  return end.error
}

export function isDelivery(event: HistoryEvent): event is Delivery {
  return event.kind === 'handler-start' || event.kind === 'batch-start'
}

function isHandlerEnd(event: HistoryEvent): event is HandlerEnd {
  return event.kind === 'handler-end' || event.kind === 'handler-failure' || event.kind === 'batch-end'
}

function isDeath(event: HistoryEvent): event is Death {
  return event.kind === 'process-crashed' || event.kind === 'process-exited'
}

interface InLife {
  readonly process: string
  readonly incarnation: number
}

export function sameLife(a: InLife, b: InLife): boolean {
  return a.process === b.process && a.incarnation === b.incarnation
}

export function samePartition(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition
}

export function isAt(event: HistoryEvent, at: TopicPartition): boolean {
  return 'topic' in event && 'partition' in event && samePartition(event, at)
}

export function has(partitions: readonly TopicPartition[], at: TopicPartition): boolean {
  return partitions.some((each) => partitionName(each) === partitionName(at))
}
