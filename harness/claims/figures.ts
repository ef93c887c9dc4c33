import type { HistoryEvent } from '../core/history.ts'
import { partitionName, recordName } from '../core/names.ts'

type Figure = (events: readonly HistoryEvent[]) => number

/** Numbers that claims speak of, counted in a history. */
export const FIGURES = {
  /** Effects beyond the first of their record. */
  duplicates: (events) => effects(events).length - new Set(effects(events)).size,
  /** Effects, those of copies of a record included. */
  effects: (events) => effects(events).length,
  /** Effects of records whose value ends in a lower number than one that was done before. */
  'steps back': (events) => {
    const numbers = new Map<string, number>()
    let [last, steps] = [-1, 0]
    for (const event of events) {
      if (event.kind === 'append')
        numbers.set(recordName(event), Number(/\d+$/.exec(event.value ?? '')?.[0] ?? Infinity))
      if (event.kind !== 'effect') continue
      const number = numbers.get(recordName(event)) ?? Infinity
      if (number < last) steps += 1
      if (number < Infinity) last = Math.max(last, number)
    }
    return steps
  },
  /** Records of consumed topics without an effect. */
  lost: (events) => {
    const topics = new Set(events.flatMap((event) => (event.kind === 'consumer-started' ? event.topics : [])))
    const done = new Set(effects(events))
    return events.filter(
      (event) => event.kind === 'append' && topics.has(event.topic) && !done.has(recordName(event)),
    ).length
  },
  /** Commits that a coordinator applied, each partition by itself. */
  commits: (events) => events.filter((event) => event.kind === 'commit' && event.phase === 'applied').length,
  'refused commits': (events) =>
    events.filter((event) => event.kind === 'commit' && event.phase === 'rejected').length,
  /** Effects of processes that had been started again. */
  'effects after a restart': (events) =>
    events.filter((event) => event.kind === 'effect' && event.incarnation > 1).length,
  /** Completed rebalances, of all groups. */
  generations: (events) =>
    new Set(assignments(events).map(({ group, generation }) => `${group} ${generation}`)).size,
  /** Members of the last generation of each group without a partition. */
  idle: (events) => lastAssignments(events).filter(({ partitions }) => partitions.length === 0).length,
  /** Members of the last generation of each group with a partition. */
  active: (events) => lastAssignments(events).filter(({ partitions }) => partitions.length > 0).length,
  /** Partitions that were with another member in the generation before. */
  moves: (events) => {
    const owner = new Map<string, string>()
    let moves = 0
    for (const { memberId, partitions } of assignments(events))
      for (const at of partitions) {
        const before = owner.get(partitionName(at))
        if (before !== undefined && before !== memberId) moves += 1
        owner.set(partitionName(at), memberId)
      }
    return moves
  },
  /**
   * Milliseconds for which partitions stood still after somebody had begun on them, all together:
   * nobody believed to own them.
   */
  'ms without an owner': (events) => {
    const since = new Map<string, number | null>()
    const owned = new Map<string, Set<string>>()
    let sumUs = 0
    const update = (process: string, now: ReadonlySet<string>, timeUs: number): void => {
      const before = owned.get(process) ?? new Set<string>()
      owned.set(process, new Set(now))
      for (const at of new Set([...before, ...now])) {
        const has = [...owned.values()].some((partitions) => partitions.has(at))
        const from = since.get(at)
        if (has && from !== undefined && from !== null) sumUs += timeUs - from
        if (has) since.set(at, null)
        else if (from === null) since.set(at, timeUs)
      }
    }
    for (const event of events) {
      if (event.kind === 'believes')
        update(event.process, new Set(event.partitions.map(partitionName)), event.timeUs)
      else if (
        event.kind === 'revoked' ||
        event.kind === 'process-crashed' ||
        event.kind === 'process-exited'
      )
        update(event.process, new Set(), event.timeUs)
    }
    return Math.round(sumUs / 1000)
  },
  /** Partitions that stood still for a moment after somebody had begun on them. */
  'partitions that stood still': (events) => {
    const begun = new Map<string, string>()
    const still = new Set<string>()
    for (const event of events) {
      if (event.kind === 'revoked')
        for (const [at, process] of begun) if (process === event.process) still.add(at)
      if (event.kind !== 'believes') continue
      const now = new Set(event.partitions.map(partitionName))
      for (const [at, process] of begun) if (process === event.process && !now.has(at)) still.add(at)
      for (const at of now) begun.set(at, event.process)
    }
    return still.size
  },
  /** Milliseconds from the first record that was begun to the last that was done. */
  'ms at work': (events) => {
    const begun = events.find(({ kind }) => kind === 'handler-start')?.timeUs ?? 0
    const done = events.findLast(({ kind }) => kind === 'effect')?.timeUs ?? 0
    return Math.round((done - begun) / 1000)
  },
  /** The first offset that was handled after the last assignment. */
  'first offset after the last assignment': (events) => {
    const from = events.findLastIndex((event) => event.kind === 'believes' && event.partitions.length > 0)
    const first = events.slice(from).find(({ kind }) => kind === 'handler-start')
    return first !== undefined && 'offset' in first ? Number(first.offset) : -1
  },
  /** The highest committed offset of any partition. */
  'last committed offset': (events) =>
    events.reduce(
      (last, event) =>
        event.kind === 'commit' && event.phase === 'applied' ? Math.max(last, Number(event.offset)) : last,
      -1,
    ),
  /** Most records of one partition that were there and not yet committed, from the first commit. */
  'most lag': (events) => Math.max(...mostLags(events).values()),
  /** `most lag`, of the partition that fell behind least. */
  'most lag of the best partition': (events) => Math.min(...mostLags(events).values()),
  /** Most records of one partition that were there and not yet begun, from the first begun on. */
  'most unread': (events) => {
    const end = new Map<string, number>()
    const begun = new Map<string, number>()
    let most = 0
    for (const event of events) {
      if (event.kind !== 'append' && event.kind !== 'handler-start') continue
      const at = partitionName(event)
      const next = Number(event.offset) + 1
      if (event.kind === 'append') end.set(at, next)
      else begun.set(at, Math.max(next, begun.get(at) ?? 0))
      if (begun.has(at)) most = Math.max(most, (end.get(at) ?? 0) - (begun.get(at) ?? 0))
    }
    return most
  },
  /** Effects of records whose transaction was aborted. */
  'effects of aborted records': (events) => {
    const aborted = abortedRecords(events)
    return effects(events).filter((name) => aborted.has(name)).length
  },
  /** The highest number that a read_committed consumer finds in what processes wrote. */
  'highest output': (events) => {
    const aborted = abortedRecords(events)
    const values = events.flatMap((event) =>
      event.kind === 'append' && event.process !== null && !aborted.has(recordName(event))
        ? [Number(event.value)]
        : [],
    )
    return Math.max(...values)
  },
  /** Partitions to which processes wrote. */
  'partitions written to': (events) =>
    new Set(
      events.flatMap((event) =>
        event.kind === 'append' && event.process !== null ? [partitionName(event)] : [],
      ),
    ).size,
  /** Offsets that control markers take up in consumed or produced topics. */
  markers: (events) =>
    events.filter((event) => event.kind === 'marker' && !event.topic.startsWith('__')).length,
  /** Members that the coordinator removed because they did not send heartbeats. */
  'expired sessions': (events) =>
    events.filter((event) => event.kind === 'member-removed' && event.reason === 'session-expired').length,
  /** Joins that the coordinator refused: the group has no assignor in common with the member. */
  'refused joins': (events) =>
    events.filter(
      (event) =>
        event.kind === 'request' &&
        event.phase === 'applied' &&
        event.api === 'JoinGroup' &&
        event.error === 'INCONSISTENT_GROUP_PROTOCOL',
    ).length,
  /** Members that left by themselves. */
  'members that left': (events) =>
    events.filter((event) => event.kind === 'member-removed' && event.reason === 'left').length,
  /** Processes that ended by themselves, and not in order. */
  'exits with an error': (events) =>
    events.filter(
      (event) =>
        (event.kind === 'process-crashed' && event.reason !== 'SIGKILL') ||
        (event.kind === 'process-exited' && event.code !== 0),
    ).length,
} as const satisfies Readonly<Record<string, Figure>>

export type FigureName = keyof typeof FIGURES

/** Of each partition, the most records that were there and not committed, from its first commit. */
function mostLags(events: readonly HistoryEvent[]): ReadonlyMap<string, number> {
  const end = new Map<string, number>()
  const committed = new Map<string, number>()
  const most = new Map<string, number>()
  for (const event of events) {
    if (event.kind !== 'append' && event.kind !== 'commit') continue
    const at = partitionName(event)
    if (event.kind === 'append') end.set(at, Number(event.offset) + 1)
    else if (event.phase === 'applied') committed.set(at, Number(event.offset))
    const lag = (end.get(at) ?? 0) - (committed.get(at) ?? Infinity)
    if (committed.has(at)) most.set(at, Math.max(lag, most.get(at) ?? 0))
  }
  return most
}

/** Names of the records whose producer's next marker in their partition aborts them. */
function abortedRecords(events: readonly HistoryEvent[]): ReadonlySet<string> {
  const open = new Map<string, string[]>()
  const aborted = new Set<string>()
  for (const event of events) {
    if (event.kind === 'append' && event.producer?.transactional === true) {
      const key = `${partitionName(event)} ${event.producer.id}`
      open.set(key, [...(open.get(key) ?? []), recordName(event)])
    } else if (event.kind === 'marker') {
      const key = `${partitionName(event)} ${event.producerId}`
      if (event.outcome === 'abort') for (const name of open.get(key) ?? []) aborted.add(name)
      open.delete(key)
    }
  }
  return aborted
}

function effects(events: readonly HistoryEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'effect' ? [recordName(event)] : []))
}

function assignments(events: readonly HistoryEvent[]) {
  return events.flatMap((event) => (event.kind === 'assigned' ? [event] : []))
}

/** The assignments of the last generation of each group. */
function lastAssignments(events: readonly HistoryEvent[]) {
  const last = new Map(assignments(events).map(({ group, generation }) => [group, generation]))
  return assignments(events).filter(({ group, generation }) => last.get(group) === generation)
}
