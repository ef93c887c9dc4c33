import type { RecordPosition } from '../core/history.ts'
import { parsePartitionName, recordName } from '../core/names.ts'
import type { Bytes, Schedule, WorkloadRecord } from '../core/schedule.ts'
import type { WorkloadHook } from '../faults/world.interface.ts'
import type { ClusterAdmin } from '../kafka/index.ts'
import { KeptBack } from './kept-back.ts'
import type { Scheduler } from './scheduler.interface.ts'

export interface FeedOptions {
  readonly schedule: Schedule
  readonly admin: Pick<ClusterAdmin, 'createTopic' | 'setOffsets' | 'append' | 'logEnd'>
  readonly scheduler: Scheduler
}

/**
 * Makes the workload's topics and groups, and appends its records: those without a time before
 * anything else happens.
 */
export class WorkloadFeed implements WorkloadHook {
  readonly #options: FeedOptions
  /** Changes of values, made when they are appended, by the record's name. */
  readonly #changes: Map<string, (value: Buffer) => Buffer> = new Map()
  readonly #kept: KeptBack
  /** Records that are still to be appended, without those that wait for a fault. */
  #left = 0

  constructor(options: FeedOptions) {
    this.#options = options
    this.#kept = new KeptBack(options.schedule.workload)
  }

  changeValue(record: string, change: (value: Buffer) => Buffer): void {
    this.#changes.set(record, change)
  }

  partitions(topic: string): number {
    return this.#kept.partitions(topic)
  }

  keepBack(topic: string, count: number): void {
    this.#kept.keepBack(topic, count)
  }

  /** Appends one that was kept back, if one is left. */
  appendKept(topic: string, partition: number): void {
    const record = this.#kept.take(topic)
    // A key in another partition than its own would be out of order by nobody's fault.
    if (record !== undefined) this.#append({ ...record, partition, key: moved(record, partition) })
  }

  /** Appends all that wait for a fault that never began. */
  release(): void {
    for (const record of this.#kept.takeAll()) this.#append(record)
  }

  start(): void {
    const { schedule, admin, scheduler } = this.#options
    const { topics, committed = {}, records } = schedule.workload
    for (const [name, { partitions, startOffset, configs = {} }] of Object.entries(topics)) {
      admin.createTopic(name, { partitions, startOffset: BigInt(startOffset), configs })
    }
    for (const [group, begins] of Object.entries(committed))
      admin.setOffsets(group, positionsOf(begins), 'scenario')
    for (const record of records) {
      if (this.#kept.has(record)) continue
      if (record.atMs === 0) this.#append(record)
      else this.#appendLater(record, scheduler)
    }
  }

  get done(): boolean {
    return this.#left === 0
  }

  #appendLater(record: WorkloadRecord, scheduler: Scheduler): void {
    this.#left += 1
    scheduler.after(record.atMs * 1000, () => {
      this.#left -= 1
      this.#append(record)
    })
  }

  #append(record: WorkloadRecord): void {
    const { admin } = this.#options
    const { topic, partition } = record
    const offset = admin.logEnd(topic, partition)
    admin.append({ topic, partition, ...recordAt(record, offset, this.#changes) })
  }
}

/** Where a group begins, by partition. */
export function positionsOf(begins: Readonly<Record<string, string>>): RecordPosition[] {
  return Object.entries(begins).flatMap(([name, offset]) => {
    const at = parsePartitionName(name)
    return at === null ? [] : [{ ...at, offset: BigInt(offset) }]
  })
}

/** The record as it is appended at this offset. */
export function recordAt(
  record: WorkloadRecord,
  offset: bigint,
  changes: ReadonlyMap<string, (value: Buffer) => Buffer>,
): {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: { readonly key: string; readonly value: Buffer | null }[]
} {
  const value = bufferOf(record.value)
  const change = changes.size === 0 ? undefined : changes.get(recordName({ ...record, offset }))
  return {
    key: bufferOf(record.key),
    value: value === null || change === undefined ? value : change(value),
    headers: Object.entries(record.headers ?? {}).map(([key, bytes]) => ({ key, value: bufferOf(bytes) })),
  }
}

/** The bytes of a key, value or header as they stand in a schedule. */
function bufferOf(bytes: Bytes | null): Buffer | null {
  if (bytes === null) return null
  return typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.base64, 'base64')
}

/** The key of a record that is appended to this partition: none where it is not its own. */
export function moved(record: WorkloadRecord, partition: number): WorkloadRecord['key'] {
  return record.partition === partition ? record.key : null
}
