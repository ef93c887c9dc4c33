import { parsePartitionName, recordName } from '../core/names.ts'
import type { Bytes, Workload, WorkloadRecord } from '../core/schedule.ts'
import type { WorkloadHook } from '../faults/world.interface.ts'

/** A record as it is appended. */
export interface RecordBytes {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: { readonly key: string; readonly value: Buffer | null }[]
}

/**
 * Records of the workload, and what faults have planned for them before the run: other values, and
 * the last ones of a topic that wait for a fault that appends some. So what appears in a new
 * partition has the keys, values and headers of the scenario, and is no copy that an app would
 * rightly take for a duplicate.
 */
export class PlannedRecords implements WorkloadHook {
  readonly #workload: Workload
  readonly #waiting: Set<WorkloadRecord> = new Set()
  /** Topics that are to be made in mid-run. */
  readonly #withheld: Set<string> = new Set()
  /** Changes of values, made when they are appended, by the record's name. */
  readonly #changes: Map<string, (value: Buffer) => Buffer> = new Map()

  constructor(workload: Workload) {
    this.#workload = workload
  }

  partitions(topic: string): number {
    return this.#workload.topics[topic]?.partitions ?? 0
  }

  changeValue(record: string, change: (value: Buffer) => Buffer): void {
    this.#changes.set(record, change)
  }

  /** The record as it is appended at this offset. */
  recordAt(record: WorkloadRecord, offset: bigint): RecordBytes {
    const value = bufferOf(record.value)
    const change = this.#changes.size === 0 ? undefined : this.#changes.get(recordName({ ...record, offset }))
    return {
      key: bufferOf(record.key),
      value: value === null || change === undefined ? value : change(value),
      headers: Object.entries(record.headers ?? {}).map(([key, bytes]) => ({ key, value: bufferOf(bytes) })),
    }
  }

  /** As many as there are, if there are fewer. */
  keepBack(topic: string, count: number): void {
    const free = this.#workload.records.filter((each) => each.topic === topic && !this.#waiting.has(each))
    for (const record of free.slice(-count)) this.#waiting.add(record)
  }

  withhold(topic: string): void {
    const begins = Object.values(this.#workload.committed ?? {}).flatMap(Object.keys)
    const isBegun = begins.some((name) => parsePartitionName(name)?.topic === topic)
    if (topic in this.#workload.topics && !isBegun) this.#withheld.add(topic)
  }

  isWithheld(topic: string): boolean {
    return this.#withheld.has(topic)
  }

  /** Topics that still wait. */
  get withheld(): readonly string[] {
    return [...this.#withheld]
  }

  /**
   * The topic is made. @returns its records as they come, without those that wait for another fault
   */
  takeWithheld(topic: string): readonly WorkloadRecord[] {
    this.#withheld.delete(topic)
    return this.#workload.records
      .filter((each) => each.topic === topic && !this.has(each))
      .toSorted((a, b) => a.atMs - b.atMs)
  }

  /** Whether the record waits for a fault. */
  has(record: WorkloadRecord): boolean {
    return this.#waiting.has(record) || this.#withheld.has(record.topic)
  }

  /** The first that waits for this topic; undefined: none is left. */
  take(topic: string): WorkloadRecord | undefined {
    const record = this.#workload.records.find((each) => each.topic === topic && this.#waiting.has(each))
    if (record !== undefined) this.#waiting.delete(record)
    return record
  }

  /** All that still wait: their faults never began. */
  takeAll(): readonly WorkloadRecord[] {
    const left = this.#workload.records.filter((each) => this.#waiting.has(each))
    this.#waiting.clear()
    return left
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
