import type { Fault } from '../core/fault.ts'
import { parseRecordName, recordName } from '../core/names.ts'
import type { Bytes, Schedule, WorkloadRecord } from '../core/schedule.ts'
import type { ClusterAdmin } from '../kafka/cluster.interface.ts'
import type { Scheduler } from './scheduler.interface.ts'

export interface FeedOptions {
  readonly schedule: Schedule
  readonly admin: Pick<ClusterAdmin, 'createTopic' | 'append' | 'logEnd'>
  readonly scheduler: Scheduler
}

/** Makes the workload's topics, and appends its records: those without a time before anything else happens. */
export class WorkloadFeed {
  readonly #admin: FeedOptions['admin']
  readonly #malformed: ReadonlySet<string>
  /** Records that are still to be appended. */
  #left: number

  constructor({ schedule, admin, scheduler }: FeedOptions) {
    const { workload, faults } = schedule
    this.#admin = admin
    this.#malformed = malformedRecords(faults)
    this.#left = workload.records.length
    for (const [name, { partitions, startOffset, configs = {} }] of Object.entries(workload.topics)) {
      admin.createTopic(name, { partitions, startOffset: BigInt(startOffset), configs })
    }
    for (const record of workload.records) {
      if (record.atMs === 0) this.#append(record)
      else scheduler.after(record.atMs * 1000, () => this.#append(record))
    }
  }

  get done(): boolean {
    return this.#left === 0
  }

  #append(record: WorkloadRecord): void {
    this.#left -= 1
    const { topic, partition, headers = {} } = record
    this.#admin.append({
      topic,
      partition,
      key: bufferOf(record.key),
      value: this.#valueAt(record, this.#admin.logEnd(topic, partition)),
      headers: Object.entries(headers).map(([key, bytes]) => ({ key, value: bufferOf(bytes) })),
    })
  }

  /** The value as it is appended at this offset. */
  #valueAt(record: WorkloadRecord, offset: bigint): Buffer | null {
    const value = bufferOf(record.value)
    const cut = this.#malformed.size > 0 && this.#malformed.has(recordName({ ...record, offset }))
    return cut && value !== null ? value.subarray(0, value.length >> 1) : value
  }
}

/** Records whose values are cut in half when they are appended, by name: what `malformed-record` faults ask for. */
function malformedRecords(faults: readonly Fault[]): ReadonlySet<string> {
  const names = faults.filter(({ kind }) => kind === 'malformed-record').map(({ target }) => target)
  return new Set(names.filter((name) => parseRecordName(name) !== null))
}

/** The bytes of a key, value or header as they stand in a schedule. */
function bufferOf(bytes: Bytes | null): Buffer | null {
  if (bytes === null) return null
  return typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.from(bytes.base64, 'base64')
}
