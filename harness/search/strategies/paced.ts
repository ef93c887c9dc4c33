import { partitionName } from '../../core/names.ts'
import type { Schedule } from '../../core/schedule.ts'

/** The last record of a partition comes so late: after a session has expired. */
const PACED_MS = 60_000
/** With as many records in a partition, its first two come at once. */
const AT_ONCE_FROM = 4

/**
 * Where all records are there from the start, a detour finds nothing left to do when it is over:
 * here each comes after a longer time than the one before, so that whatever an app waits for, some
 * come meanwhile and some afterwards. A scenario that says when its records come is left as it is.
 */
export function paced(base: Schedule): Schedule {
  const { workload } = base
  const [first] = workload.records
  if (first === undefined || workload.records.some(({ atMs }) => atMs !== first.atMs)) return base
  const seen = new Map<string, number>()
  const inAll = Map.groupBy(workload.records, partitionName)
  const records = workload.records.map((record) => {
    const place = partitionName(record)
    const before = seen.get(place) ?? 0
    seen.set(place, before + 1)
    const count = inAll.get(place)?.length ?? 1
    const together = count >= AT_ONCE_FROM ? 1 : 0
    return { ...record, atMs: record.atMs + pacedMs(before - together, count - together) }
  })
  const inTime = records.toSorted((a, b) => a.atMs - b.atMs)
  return { ...base, workload: { ...workload, records: inTime } }
}

/** Geometric, in whole tenths of a second: from 0 to `PACED_MS`. */
function pacedMs(index: number, count: number): number {
  if (index <= 0 || count < 2) return 0
  const seconds = (PACED_MS / 1_000 + 1) ** (index / (count - 1)) - 1
  return Math.round(seconds * 10) * 100
}
