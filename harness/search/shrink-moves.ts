import { parseRecordName, recordName } from '../core/event-name.ts'
import type { Fault, Hold } from '../core/fault.ts'
import type { Schedule, WorkloadRecord } from '../core/schedule.ts'

/** Everything that can be taken out of a schedule, one at a time, each with the schedules that are left. */
export interface Removal {
  readonly what: 'fault' | 'hold' | 'record' | 'process' | 'partition' | 'broker'
  /** Several ways to take the same thing out; any that still fails will do. */
  readonly ways: readonly Schedule[]
}

/** The names in faults and holds, rewritten. */
function rename(schedule: Schedule, text: (name: string) => string): Schedule {
  const fault = (each: Fault): Fault => ({
    ...each,
    target: text(each.target),
    at: 'event' in each.at ? { event: text(each.at.event) } : each.at,
  })
  const hold = (each: Hold): Hold => ({ ...each, event: text(each.event) })
  return { ...schedule, faults: schedule.faults.map(fault), holds: schedule.holds.map(hold) }
}

const RECORD = /[^\s/]+\/\d+@\d+/g

function renameRecords(
  schedule: Schedule,
  change: (record: { topic: string; partition: number; offset: bigint }) => {
    topic: string
    partition: number
    offset: bigint
  },
): Schedule {
  return rename(schedule, (text) =>
    text.replace(RECORD, (name) => {
      const record = parseRecordName(name)
      return record === null ? name : recordName(change(record))
    }),
  )
}

/** The schedule without these records: as it is, and with the names of later records moved down. */
export function withoutRecords(schedule: Schedule, indexes: ReadonlySet<number>): readonly Schedule[] {
  const { workload } = schedule
  const records = workload.records.filter((_, index) => !indexes.has(index))
  const plain = { ...schedule, workload: { ...workload, records } }
  const gone = offsetsOf(schedule, indexes)
  const moved = renameRecords(plain, (record) => {
    const below = gone.filter(
      (each) =>
        each.topic === record.topic && each.partition === record.partition && each.offset < record.offset,
    )
    return { ...record, offset: record.offset - BigInt(below.length) }
  })
  const same = JSON.stringify(moved) === JSON.stringify(plain)
  return same ? [plain] : [moved, plain]
}

function offsetsOf(
  { workload }: Schedule,
  indexes: ReadonlySet<number>,
): { topic: string; partition: number; offset: bigint }[] {
  const next = new Map<string, bigint>()
  return workload.records.flatMap(({ topic, partition }: WorkloadRecord, index) => {
    const key = `${topic}/${partition}`
    const offset = next.get(key) ?? BigInt(workload.topics[topic]?.startOffset ?? 0)
    next.set(key, offset + 1n)
    return indexes.has(index) ? [{ topic, partition, offset }] : []
  })
}

export function withFaults(schedule: Schedule, faults: readonly Fault[]): Schedule {
  return { ...schedule, faults }
}

export function withHolds(schedule: Schedule, holds: readonly Hold[]): Schedule {
  return { ...schedule, holds }
}

/** One process less: the last one, or another with the last one's name given to it. */
export function withoutProcess(schedule: Schedule): readonly Schedule[] {
  const { workload } = schedule
  if (workload.consumers < 2) return []
  const fewer = { ...schedule, workload: { ...workload, consumers: workload.consumers - 1 } }
  const last = `consumer-${workload.consumers - 1}`
  const renamed = Array.from({ length: workload.consumers - 1 }, (_, index) => {
    const name = `consumer-${index}`
    return rename(fewer, (text) => swap(text, name, last))
  })
  return [fewer, ...renamed]
}

function swap(text: string, a: string, b: string): string {
  return text.replace(new RegExp(`\\b(?:${a}|${b})\\b`, 'g'), (name) => (name === a ? b : a))
}

/** One partition less, any: its records go, and those above it move down. */
export function withoutPartition(schedule: Schedule, topic: string): readonly Schedule[] {
  const { workload } = schedule
  const partitions = workload.topics[topic]?.partitions ?? 0
  if (partitions < 2) return []
  const topics = {
    ...workload.topics,
    [topic]: { startOffset: '0', ...workload.topics[topic], partitions: partitions - 1 },
  }
  return Array.from({ length: partitions }, (_, index) => partitions - 1 - index).map((removed) => {
    const down = (partition: number): number => (partition > removed ? partition - 1 : partition)
    const records = workload.records
      .filter((record) => record.topic !== topic || record.partition !== removed)
      .map((record) => (record.topic === topic ? { ...record, partition: down(record.partition) } : record))
    const fewer = { ...schedule, workload: { ...workload, topics, records } }
    return renameRecords(fewer, (record) =>
      record.topic === topic ? { ...record, partition: down(record.partition) } : record,
    )
  })
}

export function withoutBroker(schedule: Schedule): readonly Schedule[] {
  const { workload } = schedule
  return workload.brokers < 2
    ? []
    : [{ ...schedule, workload: { ...workload, brokers: workload.brokers - 1 } }]
}

/** Every single thing that can go. */
export function removals(schedule: Schedule): readonly Removal[] {
  const { faults, holds, workload } = schedule
  const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, each) => each !== index)
  return [
    ...faults.map((_, index) => ({
      what: 'fault' as const,
      ways: [withFaults(schedule, without(faults, index))],
    })),
    ...holds.map((_, index) => ({
      what: 'hold' as const,
      ways: [withHolds(schedule, without(holds, index))],
    })),
    ...workload.records
      .map((_, index) => ({ what: 'record' as const, ways: withoutRecords(schedule, new Set([index])) }))
      .reverse(),
    { what: 'process' as const, ways: withoutProcess(schedule) },
    ...Object.keys(workload.topics).map((topic) => ({
      what: 'partition' as const,
      ways: withoutPartition(schedule, topic),
    })),
    { what: 'broker' as const, ways: withoutBroker(schedule) },
  ].filter(({ ways }) => ways.length > 0)
}

const ROUND_MS = [100, 1_000, 5_000, 10_000, 35_000, 45_000] as const

/** The same schedule with one value smaller or rounder. */
export function plainer(schedule: Schedule): readonly Schedule[] {
  const { faults, holds, workload } = schedule
  const smaller = (valueMs: number): number[] => ROUND_MS.filter((each) => each < valueMs)
  const result: Schedule[] = []
  faults.forEach((fault, index) => {
    const put = (changed: Fault): void => {
      result.push(
        withFaults(
          schedule,
          faults.map((each, at) => (at === index ? changed : each)),
        ),
      )
    }
    if ('restartMs' in fault) for (const restartMs of smaller(fault.restartMs)) put({ ...fault, restartMs })
    if ('durationMs' in fault)
      for (const durationMs of smaller(fault.durationMs)) put({ ...fault, durationMs })
  })
  holds.forEach((hold, index) => {
    for (const durationMs of smaller(hold.durationMs)) {
      result.push(
        withHolds(
          schedule,
          holds.map((each, at) => (at === index ? { ...each, durationMs } : each)),
        ),
      )
    }
  })
  if (workload.records.some(({ atMs }) => atMs > 0)) {
    const records = workload.records.map((record) => ({ ...record, atMs: 0 }))
    result.push({ ...schedule, workload: { ...workload, records } })
  }
  return result
}
