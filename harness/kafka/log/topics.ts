import type { ClusterHost } from '../cluster-host.interface.ts'
import { ProducerStates } from '../producer/producer-state.ts'
import { PartitionLog } from './partition-log.ts'

export interface Partition {
  readonly log: PartitionLog
  readonly producers: ProducerStates
  /** Broker id, or null while no broker is left. */
  leader: number | null
}

export interface Topic {
  readonly name: string
  readonly partitions: Partition[]
}

/** Topics, their partitions, and who leads each. Leaders are spread over the brokers in turn. */
export class Topics {
  readonly #cluster: ClusterHost
  readonly #topics: Map<string, Topic> = new Map()

  constructor(cluster: ClusterHost) {
    this.#cluster = cluster
  }

  list(): readonly Topic[] {
    return [...this.#topics.values()]
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name)
  }

  partition(topic: string, partition: number): Partition | undefined {
    return this.#topics.get(topic)?.partitions[partition]
  }

  /** @throws Error where there is no such partition: for callers that made it */
  log(topic: string, partition: number): PartitionLog {
    const found = this.partition(topic, partition)
    if (found === undefined) throw new Error(`there is no partition ${topic}/${partition}`)
    return found.log
  }

  /** @throws Error where it is already there: callers have looked */
  create(name: string, partitions: number, startOffset = 0n): void {
    if (this.#topics.has(name)) throw new Error(`there is a topic ${name} already`)
    const topic: Topic = { name, partitions: [] }
    this.#topics.set(name, topic)
    for (let index = 0; index < partitions; index += 1) this.#add(topic, startOffset)
    this.#cluster.observe({ kind: 'topic-created', topic: name, partitions, startOffset })
  }

  delete(name: string): void {
    const topic = this.#topics.get(name)
    this.#topics.delete(name)
    this.#cluster.observe({ kind: 'topic-deleted', topic: name })
    for (const { log } of topic?.partitions ?? []) log.wake()
  }

  addPartitions(name: string, count: number): void {
    const topic = this.#topics.get(name)
    if (topic === undefined) throw new Error(`there is no topic ${name}`)
    for (let index = 0; index < count; index += 1) this.#add(topic, 0n)
    this.#cluster.observe({ kind: 'partitions-added', topic: name, partitions: topic.partitions.length })
  }

  #add(topic: Topic, startOffset: bigint): void {
    const index = topic.partitions.length
    const { brokers } = this.#cluster
    const preferred = brokers[index % brokers.length]?.id ?? 0
    const leader = this.#cluster.isUp(preferred) ? preferred : this.#cluster.nextLive(preferred)
    topic.partitions.push({
      log: new PartitionLog(topic.name, index, startOffset),
      producers: new ProducerStates(this.#cluster),
      leader,
    })
  }

  moveLeader(topic: string, partition: number, to?: number): void {
    const found = this.partition(topic, partition)
    if (found === undefined) return
    const next = to ?? this.#cluster.nextLive(found.leader ?? -1)
    if (next === found.leader) return
    found.leader = next
    found.log.leaderEpoch += 1
    found.log.wake()
  }

  /** What this broker led moves to the next live broker. */
  brokerStopped(id: number): void {
    for (const { partitions } of this.#topics.values()) {
      for (const partition of partitions) {
        if (partition.leader !== id) continue
        partition.leader = this.#cluster.nextLive(id)
        partition.log.leaderEpoch += 1
        partition.log.wake()
      }
    }
  }

  /** Partitions without a leader get this one. */
  brokerStarted(id: number): void {
    for (const { partitions } of this.#topics.values()) {
      for (const partition of partitions) {
        if (partition.leader !== null) continue
        partition.leader = id
        partition.log.leaderEpoch += 1
      }
    }
  }

  deleteRecords(topic: string, partition: number, beforeOffset: bigint, reason: string): void {
    const log = this.log(topic, partition)
    log.deleteBefore(beforeOffset)
    this.#cluster.observe({ kind: 'log-start', topic, partition, offset: log.startOffset, reason })
  }
}
