import { withoutBrokerOf } from '../core/clusters.ts'
import type { Fault, Hold } from '../core/fault.ts'
import { parseAppProcess, parsePartitionName, partitionName, processName } from '../core/names.ts'
import { appsOf, withProcesses } from '../core/processes.ts'
import type { Schedule } from '../core/schedule.ts'
import { committedBy, rename, renamePartitions, sameText, withWorkload, workloadWithout } from './rename.ts'

/** One thing that can be taken out of a schedule. */
export interface Removal {
  readonly what: 'fault' | 'hold' | 'record' | 'process' | 'partition' | 'broker' | 'group'
  /**
   * The schedules that are left: several ways to take the same thing out, any that still fails will
   * do.
   */
  ways(): readonly Schedule[]
}

export function withFaults(schedule: Schedule, faults: readonly Fault[]): Schedule {
  return { ...schedule, faults }
}

export function withHolds(schedule: Schedule, holds: readonly Hold[]): Schedule {
  return { ...schedule, holds }
}

/** The schedule without these records. */
export function withoutRecords(schedule: Schedule, gone: ReadonlySet<number>): readonly Schedule[] {
  const { workload } = schedule
  const origins = workload.records.flatMap((_, index) => (gone.has(index) ? [] : [index]))
  return withWorkload(schedule, workloadWithout(workload, gone), origins)
}

/**
 * One process less. Only the last can go, so any other gives its name to the next one, and so on:
 * faults of `consumer-1` become faults of `consumer-0` where that one goes.
 */
export function withoutProcess(schedule: Schedule): readonly Schedule[] {
  return Object.keys(appsOf(schedule.workload)).flatMap((app) => withoutProcessOf(schedule, app))
}

function withoutProcessOf(schedule: Schedule, app: string): readonly Schedule[] {
  const { workload } = schedule
  const { processes = 0, atLeast = 0 } = appsOf(workload)[app] ?? {}
  if (processes <= atLeast) return []
  const fewer = { ...schedule, workload: withProcesses(workload, app, processes - 1) }
  const last = Math.max(processes - 1, ...processNumbers(schedule, app))
  const ways = Array.from({ length: processes }, (_, index) => {
    const removed = processes - 1 - index
    return rename(fewer, {
      process(name) {
        const { app: its, number = -1 } = parseAppProcess(name) ?? {}
        if (its !== app || number < removed) return name
        return processName(number === removed ? last : number - 1, app)
      },
    })
  })
  return withoutRepeats([fewer, ...ways])
}

/** The numbers of all processes of this app that faults and holds name. */
function processNumbers(schedule: Schedule, app: string): number[] {
  const numbers: number[] = []
  rename(schedule, {
    process(name) {
      const found = parseAppProcess(name)
      if (found?.app === app) numbers.push(found.number)
      return name
    },
  })
  return numbers
}

/**
 * One partition less, any, the last first: its records go, or they move to partition 0; those above
 * move down.
 */
export function withoutPartition(schedule: Schedule, topic: string): readonly Schedule[] {
  const partitions = schedule.workload.topics[topic]?.partitions ?? 0
  if (partitions < 2) return []
  return Array.from({ length: partitions }, (_, index) => partitions - 1 - index).flatMap((removed) => [
    ...withoutPartitionAt(schedule, topic, removed, 'drop'),
    ...withoutPartitionAt(schedule, topic, removed, 'move'),
  ])
}

function withoutPartitionAt(
  schedule: Schedule,
  topic: string,
  removed: number,
  itsRecords: 'drop' | 'move',
): readonly Schedule[] {
  const { workload } = schedule
  const old = workload.topics[topic]
  if (old === undefined) return []
  const inIt = workload.records.map((each) => each.topic === topic && each.partition === removed)
  if (itsRecords === 'move' && !inIt.includes(true)) return []
  const down = (partition: number): number => {
    if (partition === removed) return 0
    return partition > removed ? partition - 1 : partition
  }
  const topics = { ...workload.topics, [topic]: { ...old, partitions: old.partitions - 1 } }
  const origins = workload.records.flatMap((_, index) =>
    itsRecords === 'drop' && inIt[index] ? [] : [index],
  )
  const records = origins.flatMap((origin) =>
    workload.records
      .slice(origin, origin + 1)
      .map((record) => (record.topic === topic ? { ...record, partition: down(record.partition) } : record)),
  )
  const { committed } = workload
  const renumbered = (name: string, offset: string): Record<string, string> => {
    const at = parsePartitionName(name)
    if (at?.topic !== topic) return { [name]: offset }
    return at.partition === removed
      ? {}
      : { [partitionName({ topic, partition: down(at.partition) })]: offset }
  }
  const fewer = {
    ...workload,
    topics,
    records,
    ...(committed === undefined ? {} : { committed: committedBy(committed, renumbered) }),
  }
  const [first] = withWorkload(schedule, fewer, origins)
  const renamed = renamePartitions({ ...schedule, workload: fewer }, topic, down)
  return withoutRepeats(first === undefined ? [renamed] : [first, renamed])
}

export function withoutBroker(schedule: Schedule): readonly Schedule[] {
  const workload = withoutBrokerOf(schedule.workload)
  return workload === null ? [] : [{ ...schedule, workload }]
}

/** The group is new: it has committed nothing before. */
function withoutCommitted(schedule: Schedule, group: string): Schedule {
  const { committed = {}, ...workload } = schedule.workload
  const left = Object.fromEntries(Object.entries(committed).filter(([name]) => name !== group))
  const isNone = Object.keys(left).length === 0
  return { ...schedule, workload: isNone ? workload : { ...workload, committed: left } }
}

/** Every single thing that can go, records from the end. */
export function removals(schedule: Schedule): readonly Removal[] {
  const { faults, holds, workload } = schedule
  const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, each) => each !== index)
  const found: Removal[] = []
  faults.forEach((_, index) => {
    found.push({ what: 'fault', ways: () => [withFaults(schedule, without(faults, index))] })
  })
  holds.forEach((_, index) => {
    found.push({ what: 'hold', ways: () => [withHolds(schedule, without(holds, index))] })
  })
  for (let index = workload.records.length - 1; index >= 0; index -= 1) {
    found.push({ what: 'record', ways: () => withoutRecords(schedule, new Set([index])) })
  }
  const apps = Object.values(appsOf(workload))
  if (apps.some(({ processes, atLeast }) => processes > atLeast))
    found.push({ what: 'process', ways: () => withoutProcess(schedule) })
  for (const [topic, { partitions }] of Object.entries(workload.topics)) {
    if (partitions > 1) found.push({ what: 'partition', ways: () => withoutPartition(schedule, topic) })
  }
  for (const group of Object.keys(workload.committed ?? {}))
    found.push({ what: 'group', ways: () => [withoutCommitted(schedule, group)] })
  if (workload.brokers > 1) found.push({ what: 'broker', ways: () => withoutBroker(schedule) })
  return found
}

function withoutRepeats(schedules: readonly Schedule[]): readonly Schedule[] {
  return schedules.filter(
    (schedule, index) => !schedules.slice(0, index).some((earlier) => sameText(earlier, schedule)),
  )
}
