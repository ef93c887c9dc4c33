import { earlierNames, parseEventName, parseOccurrence, renamedEvent } from '../core/event-names.ts'
import { definitionOf, type Fault, type Hold } from '../core/fault.ts'
import type { RecordPosition, TopicPartition } from '../core/history.ts'
import { jsonText } from '../core/json.ts'
import { callName, partitionName, type Renaming, recordName, requestName } from '../core/names.ts'
import type { Schedule, Workload } from '../core/schedule.ts'

/** The names in faults and holds, rewritten. */
export function rename(schedule: Schedule, renaming: Renaming): Schedule {
  const fault = (each: Fault): Fault => ({
    ...each,
    target: definitionOf(each.kind).target.renamed(each.target, renaming),
    at: 'event' in each.at ? { event: renamedEvent(each.at.event, renaming) } : each.at,
  })
  const hold = (each: Hold): Hold => ({ ...each, event: renamedEvent(each.event, renaming) })
  return { ...schedule, faults: schedule.faults.map(fault), holds: schedule.holds.map(hold) }
}

export function sameText(a: Schedule, b: Schedule): boolean {
  return jsonText(a) === jsonText(b)
}

/** The name that each record of the workload will have, by its index. */
export function recordNames(workload: Workload): string[] {
  return recordPositions(workload).map(recordName)
}

function recordPositions({ records, topics }: Workload): RecordPosition[] {
  const next = new Map<string, bigint>()
  return records.map(({ topic, partition }) => {
    const key = partitionName({ topic, partition })
    const offset = next.get(key) ?? BigInt(topics[topic]?.startOffset ?? 0)
    next.set(key, offset + 1n)
    return { topic, partition, offset }
  })
}

/**
 * The schedule with another workload. Records that went make later ones move down: first with the
 * names in faults and holds moved along, then, where that is not the same, with the names as they
 * are.
 */
export function withWorkload(
  schedule: Schedule,
  workload: Workload,
  /** For each record of the new workload, its index in the old one. */
  origins: readonly number[],
): readonly Schedule[] {
  const plain = { ...schedule, workload }
  if (schedule.faults.length === 0 && schedule.holds.length === 0) return [plain]
  const before = recordNames(schedule.workload)
  const after = recordPositions(workload)
  const moved = new Map(origins.map((origin, index) => [before[origin] ?? '', after[index]]))
  const renamed = rename(plain, { record: (at) => moved.get(recordName(at)) ?? at })
  return sameText(renamed, plain) ? [plain] : [renamed, plain]
}

/**
 * The workload without these records: what groups had committed goes down by as many as went below
 * it.
 */
export function workloadWithout(workload: Workload, gone: ReadonlySet<number>): Workload {
  const { committed } = workload
  const records = workload.records.filter((_, index) => !gone.has(index))
  if (committed === undefined) return { ...workload, records }
  const positions = recordPositions(workload).filter((_, index) => gone.has(index))
  const moved = (name: string, offset: bigint): bigint =>
    offset - BigInt(positions.filter((each) => partitionName(each) === name && each.offset < offset).length)
  const lower = committedBy(committed, (name, offset) => ({ [name]: `${moved(name, BigInt(offset))}` }))
  return { ...workload, records, committed: lower }
}

/** @param change the entries that stand for this one */
export function committedBy(
  committed: NonNullable<Workload['committed']>,
  change: (partition: string, offset: string) => Readonly<Record<string, string>>,
): NonNullable<Workload['committed']> {
  const entries = Object.entries(committed).map(([group, begins]) => [
    group,
    Object.assign({}, ...Object.entries(begins).map(([name, offset]) => change(name, offset))),
  ])
  return Object.fromEntries(entries)
}

/** Partitions of one topic renumbered, wherever they or their records are named. */
export function renamePartitions(
  schedule: Schedule,
  topic: string,
  change: (partition: number) => number,
): Schedule {
  const renumbered = <At extends TopicPartition>(at: At): At =>
    at.topic === topic ? { ...at, partition: change(at.partition) } : at
  return rename(schedule, { record: renumbered, partition: renumbered })
}

/** This fault at an earlier event of the same sort; a request that it is about moves along. */
export function moveFault(fault: Fault, event: string): Fault {
  if (!('event' in fault.at)) return fault
  const about = requestOf(fault.at.event)
  const target = about !== null && fault.target === about ? (requestOf(event) ?? fault.target) : fault.target
  return { ...fault, target, at: { event } }
}

function requestOf(event: string): string | null {
  const name = parseEventName(parseOccurrence(event).name)
  if (name?.of === 'call') return callName(name.call)
  return name?.of === 'request' ? requestName(name.request) : null
}

/**
 * Faults and holds whose event did not happen in a run, moved to the last event of the same sort
 * that did; null where there is nothing to move. With fewer records there are fewer commits:
 * `OffsetCommit#5` becomes the last one.
 */
export function reanchored(schedule: Schedule, happened: ReadonlySet<string>): Schedule | null {
  let changed = false
  const nearest = (event: string): string => {
    if (happened.has(event)) return event
    const found = earlierNames(event).find((name) => happened.has(name))
    if (found === undefined) return event
    changed = true
    return found
  }
  const faults = schedule.faults.map((fault) =>
    'event' in fault.at ? moveFault(fault, nearest(fault.at.event)) : fault,
  )
  const holds = schedule.holds.map((hold) => ({ ...hold, event: nearest(hold.event) }))
  return changed ? { ...schedule, faults, holds } : null
}
