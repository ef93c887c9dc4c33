import type { RecordPosition } from '../core/history.ts'
import { parsePartitionName } from '../core/names.ts'
import type { Schedule, WorkloadRecord } from '../core/schedule.ts'
import type { ClusterAdmin } from '../kafka/index.ts'
import { moved, PlannedRecords } from './planned-records.ts'
import type { Scheduler } from './scheduler.interface.ts'

export interface FeedOptions {
  readonly schedule: Schedule
  readonly admin: Pick<
    ClusterAdmin,
    'createTopic' | 'addPartitions' | 'topics' | 'setOffsets' | 'append' | 'logEnd'
  >
  readonly scheduler: Scheduler
}

/**
 * Makes the workload's topics and groups, and appends its records: those without a time before
 * anything else happens.
 */
export class WorkloadFeed {
  readonly #options: FeedOptions
  /** Faults plan what becomes of records. */
  readonly planned: PlannedRecords
  /** Records that are still to be appended, without those that wait for a fault. */
  #left = 0

  constructor(options: FeedOptions) {
    this.#options = options
    this.planned = new PlannedRecords(options.schedule.workload)
  }

  /** Appends one that was kept back, if one is left. */
  appendKept(topic: string, partition: number): void {
    const record = this.planned.take(topic)
    // A key in another partition than its own would be out of order by nobody's fault.
    if (record !== undefined) this.#append({ ...record, partition, key: moved(record, partition) })
  }

  /**
   * Makes a topic that was withheld. Where the app has made it meanwhile, the operator gives it as
   * many partitions as it should have.
   */
  makeTopic(topic: string): void {
    if (!this.planned.isWithheld(topic)) return
    const { schedule, admin, scheduler } = this.#options
    const there = admin.topics().find(({ name }) => name === topic)
    const missing = (schedule.workload.topics[topic]?.partitions ?? 0) - (there?.partitions ?? 0)
    if (there === undefined) this.#create(topic)
    else if (missing > 0) admin.addPartitions(topic, missing)
    for (const record of this.planned.takeWithheld(topic)) {
      const inUs = record.atMs * 1000 - scheduler.nowUs
      if (inUs <= 0) this.#append(record)
      else this.#appendLater(record, inUs)
    }
  }

  /** Makes and appends all that waits for a fault that never began. */
  release(): void {
    for (const topic of this.planned.withheld) this.makeTopic(topic)
    for (const record of this.planned.takeAll()) this.#append(record)
  }

  start(): void {
    const { schedule, admin } = this.#options
    const { topics, committed = {}, records } = schedule.workload
    for (const name of Object.keys(topics)) if (!this.planned.isWithheld(name)) this.#create(name)
    for (const [group, begins] of Object.entries(committed))
      admin.setOffsets(group, positionsOf(begins), 'scenario')
    for (const record of records) {
      if (this.planned.has(record)) continue
      if (record.atMs === 0) this.#append(record)
      else this.#appendLater(record, record.atMs * 1000)
    }
  }

  #create(name: string): void {
    const { schedule, admin } = this.#options
    const topic = schedule.workload.topics[name]
    if (topic === undefined) return
    const { partitions, startOffset, configs = {} } = topic
    admin.createTopic(name, { partitions, startOffset: BigInt(startOffset), configs })
  }

  get done(): boolean {
    return this.#left === 0
  }

  #appendLater(record: WorkloadRecord, inUs: number): void {
    this.#left += 1
    this.#options.scheduler.after(inUs, () => {
      this.#left -= 1
      this.#append(record)
    })
  }

  #append(record: WorkloadRecord): void {
    const { admin } = this.#options
    const { topic, partition } = record
    const offset = admin.logEnd(topic, partition)
    admin.append({ topic, partition, ...this.planned.recordAt(record, offset) })
  }
}

/** Where a group begins, by partition. */
export function positionsOf(begins: Readonly<Record<string, string>>): RecordPosition[] {
  return Object.entries(begins).flatMap(([name, offset]) => {
    const at = parsePartitionName(name)
    return at === null ? [] : [{ ...at, offset: BigInt(offset) }]
  })
}
