import type { Fault, Hold } from '../core/fault.ts'
import { parseRecordName, recordName } from '../core/names.ts'
import type { Schedule, Workload } from '../core/schedule.ts'

/** The names in faults and holds, rewritten. */
export function rename(schedule: Schedule, text: (name: string) => string): Schedule {
  const fault = (each: Fault): Fault => ({
    ...each,
    target: text(each.target),
    at: 'event' in each.at ? { event: text(each.at.event) } : each.at,
  })
  const hold = (each: Hold): Hold => ({ ...each, event: text(each.event) })
  return { ...schedule, faults: schedule.faults.map(fault), holds: schedule.holds.map(hold) }
}

export function sameText(a: Schedule, b: Schedule): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

const RECORD = /[^\s/]+\/\d+@\d+/g

/** `rename`, for the names of records only. */
export function renameRecords(schedule: Schedule, change: (name: string) => string): Schedule {
  return rename(schedule, (text) => text.replace(RECORD, change))
}

/** The name that each record of the workload will have, by its index. */
export function recordNames({ records, topics }: Workload): string[] {
  const next = new Map<string, bigint>()
  return records.map(({ topic, partition }) => {
    const key = `${topic}/${partition}`
    const offset = next.get(key) ?? BigInt(topics[topic]?.startOffset ?? 0)
    next.set(key, offset + 1n)
    return recordName({ topic, partition, offset })
  })
}

/**
 * The schedule with another workload. Records that went make later ones move down: first with the names in faults and
 * holds moved along, then, where that is not the same, with the names as they are.
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
  const after = recordNames(workload)
  const moved = new Map(origins.map((origin, index) => [before[origin] ?? '', after[index] ?? '']))
  const renamed = renameRecords(plain, (name) => moved.get(name) ?? name)
  return sameText(renamed, plain) ? [plain] : [renamed, plain]
}

/** Partitions of one topic renumbered, in the names of records and in `orders/1` as a target. */
export function renamePartitions(
  schedule: Schedule,
  topic: string,
  change: (partition: number) => number,
): Schedule {
  const records = renameRecords(schedule, (name) => {
    const record = parseRecordName(name)
    if (record === null || record.topic !== topic) return name
    return recordName({ ...record, partition: change(record.partition) })
  })
  const prefix = `${topic}/`
  return rename(records, (text) => {
    const number = text.startsWith(prefix) ? text.slice(prefix.length) : ''
    return /^\d+$/.test(number) ? `${prefix}${change(Number(number))}` : text
  })
}

/** Numbers that count events of one sort: requests and assignments, generations, occurrences. */
const COUNTED = [/#(\d+)/, / generation (\d+)/, / \((\d+)\)$/]

/** The same name with each lower number, the highest first: `OffsetCommit#3 sent` gives #2, then #1. */
export function earlier(name: string): string[] {
  return COUNTED.flatMap((pattern) => {
    const match = pattern.exec(name)
    if (match === null) return []
    const [text, digits = ''] = match
    const numbers = Array.from({ length: Number(digits) - 1 }, (_, index) => Number(digits) - 1 - index)
    // The first occurrence is the bare name.
    return numbers.map((number) =>
      name.replace(text, text === ` (${digits})` && number === 1 ? '' : text.replace(digits, String(number))),
    )
  })
}

/** This fault at an earlier event of the same sort; a request that it is about moves along. */
export function moveFault(fault: Fault, event: string): Fault {
  if (!('event' in fault.at)) return fault
  const request = requestOf(fault.at.event)
  const target =
    request !== null && fault.target === request ? (requestOf(event) ?? fault.target) : fault.target
  return { ...fault, target, at: { event } }
}

function requestOf(event: string): string | null {
  return /^\S+ \w+#\d+/.exec(event)?.[0] ?? null
}

/**
 * Faults and holds whose event did not happen in a run, moved to the last event of the same sort that did; null where
 * there is nothing to move. With fewer records there are fewer commits: `OffsetCommit#5` becomes the last one.
 */
export function reanchored(schedule: Schedule, happened: ReadonlySet<string>): Schedule | null {
  let changed = false
  const nearest = (event: string): string => {
    if (happened.has(event)) return event
    const found = earlier(event).find((name) => happened.has(name))
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
