import type { Observation } from '../core/history.ts'
import { partitionName } from '../core/names.ts'
import type { Schedule, WorkloadRecord } from '../core/schedule.ts'
import { type AnswerBody, encodeBatch, errorName, readBatches } from '../kafka/index.ts'
import { moved, PlannedRecords, type RecordBytes } from '../run/planned-records.ts'
import type { Busy } from './busy.ts'
import type { RealClock } from './clock.ts'
import type { RealCluster, TopicDescription } from './cluster/cluster.ts'
import { layOutTopic } from './cluster/layout.ts'
import { createTopic, deleteTopics, ensureTopic, type WantedTopic, wantedTopics } from './cluster/topics.ts'
import type { LearntLogs } from './learn/logs.ts'

export interface RealFeedOptions {
  readonly schedule: Schedule
  readonly cluster: RealCluster
  /** Topics of the cluster are ours to take away. */
  readonly isOurs: boolean
  readonly clock: RealClock
  readonly busy: Busy
  readonly logs: LearntLogs
  observe(observation: Observation): void
}

/**
 * Makes the workload's topics on a real cluster, appends its records, and takes the topics away
 * again.
 */
export class RealFeed {
  readonly #options: RealFeedOptions
  /** Faults plan what becomes of records. */
  readonly planned: PlannedRecords
  readonly #own: Set<string> = new Set()
  /** Topics that processes asked for while there were none: a broker may have made them. */
  readonly #wanted: Set<string> = new Set()
  readonly #names: Map<string, string> = new Map()
  /** How many partitions each topic has, as far as we know. */
  readonly #partitions: Map<string, number> = new Map()
  /** The end of each partition's log, as far as we wrote it. */
  readonly #ends: Map<string, bigint> = new Map()
  /** Records that are still to be appended, without those that wait for a fault. */
  #left = 0

  constructor(options: RealFeedOptions) {
    this.#options = options
    this.planned = new PlannedRecords(options.schedule.workload)
  }

  get done(): boolean {
    return this.#left === 0
  }

  topicName(id: string): string | undefined {
    return this.#names.get(id)
  }

  /** Makes the topics, and appends what is there from the start. */
  async prepare(): Promise<void> {
    const { workload } = this.#options.schedule
    for (const topic of wantedTopics(workload))
      if (!this.planned.isWithheld(topic.name)) await this.#create(topic)
    await this.#appendAll(
      workload.records.filter((each) => !this.planned.has(each)),
      0,
    )
  }

  /**
   * Makes a topic that was withheld. Where the app has made it meanwhile, it gets as many
   * partitions as it should have.
   */
  async makeTopic(name: string): Promise<void> {
    const { schedule, cluster, clock } = this.#options
    const topic = wantedTopics(schedule.workload).find((each) => each.name === name)
    if (topic === undefined || !this.planned.isWithheld(name)) return
    await this.#made(topic, await ensureTopic(cluster, topic))
    await this.#appendAll(this.planned.takeWithheld(name), clock.nowUs)
  }

  async #create(topic: WantedTopic): Promise<void> {
    await this.#made(topic, await createTopic(this.#options.cluster, topic))
  }

  /** The topic is there, with the partitions that the workload has. */
  async #made({ name, partitions }: WantedTopic, topic: TopicDescription): Promise<void> {
    const { cluster, observe } = this.#options
    this.#own.add(name)
    await layOutTopic(cluster, topic)
    const known = this.#partitions.get(name)
    this.#note(topic)
    if (known !== partitions) observe({ kind: 'topic-created', topic: name, partitions, startOffset: 0n })
  }

  /** A broker tells a process of topics: it may have made one because the process asked for it. */
  told({ topics }: Pick<AnswerBody<'Metadata'>, 'topics'>): void {
    for (const { name, topicId: id, errorCode, isInternal, partitions } of topics) {
      if (name === null || isInternal) continue
      if (errorName(errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION') this.#wanted.add(name)
      if (errorCode !== 0 || this.#partitions.has(name) || !this.#wanted.has(name)) continue
      this.#names.set(id, name)
      this.#partitions.set(name, partitions.length)
      this.#options.observe({
        kind: 'topic-created',
        topic: name,
        partitions: partitions.length,
        startOffset: 0n,
      })
    }
  }

  /** Appends those whose time has come, and the others when it does. */
  async #appendAll(records: readonly WorkloadRecord[], nowUs: number): Promise<void> {
    const { clock, busy } = this.#options
    for (const record of records) {
      this.#left += 1
      const inUs = record.atMs * 1000 - nowUs
      if (inUs <= 0) await this.#append(record)
      else clock.after(inUs, () => busy.add(() => this.#append(record)))
    }
  }

  /** The topic is gone, and so are its records. */
  deleted(name: string): void {
    for (const place of this.#ends.keys()) if (place.startsWith(`${name}/`)) this.#ends.delete(place)
  }

  /** The topic stands there again, under another id. */
  recreated(topic: TopicDescription): void {
    this.#note(topic)
  }

  /** Appends a record that was kept back for a fault, if one is left. */
  async appendKept(topic: string, partition: number): Promise<void> {
    const record = this.planned.take(topic)
    if (record === undefined) return
    this.#left += 1
    await this.#append({ ...record, partition, key: moved(record, partition) })
  }

  /** Makes and appends all that waits for a fault that never began. */
  async release(): Promise<void> {
    for (const topic of this.planned.withheld) await this.makeTopic(topic)
    const records = this.planned.takeAll()
    this.#left += records.length
    for (const record of records) await this.#append(record)
  }

  /** Takes away what it made. */
  async clean(): Promise<void> {
    const names = [...this.#own, ...(this.#options.isOurs ? this.#wanted : [])]
    if (names.length > 0) await deleteTopics(this.#options.cluster, names)
  }

  async #append(record: WorkloadRecord): Promise<void> {
    const { topic, partition } = record
    const offset = this.#ends.get(partitionName(record)) ?? 0n
    await this.#write({ topic, partition }, this.planned.recordAt(record, offset))
    this.#left -= 1
  }

  async #write(
    at: { readonly topic: string; readonly partition: number },
    record: RecordBytes,
  ): Promise<void> {
    const { cluster, logs } = this.#options
    const records = [{ ...record, timestamp: BigInt(Date.now()) }]
    const offset = await cluster.append(at.topic, at.partition, records)
    this.#ends.set(partitionName(at), offset + 1n)
    for (const batch of readBatches(encodeBatch({ records }))) logs.appended(at, offset, batch, null)
  }

  #note({ id, name, partitions }: TopicDescription): void {
    this.#names.set(id, name)
    this.#partitions.set(name, partitions.length)
  }
}
