import { partitionName } from '../../core/names.ts'
import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import { Housekeeping } from '../log/housekeeping.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { DeletionReason } from '../log/retention.ts'
import { TopicConfigs } from '../log/topic-configs.ts'
import type { PartitionReplicas } from '../replication/partition-replicas.ts'
import { InternalTopic, type InternalTopicOptions } from './internal-topic.ts'
import { newTopic } from './new-topic.ts'
import { brokerHears, brokerStarted, brokerStopped, moveLeader } from './partition-leaders.ts'
import { factorOf, Partitions } from './partitions.ts'
import { placeReplicas, type ReplicaAssignment } from './replica-placement.ts'
import type { BrokerEvents, Partition, Topic, TopicOptions } from './topic.interface.ts'
import { newTopicId } from './topic-ids.ts'

/** A topic that brokers do not know yet. */
interface Coming {
  readonly topic: Topic
  readonly startOffset: bigint
  readonly assignments: readonly ReplicaAssignment[]
}

/**
 * The table of partitions: topics, their partitions, and the leader of each, internal topics
 * included. Leaders are spread over the brokers in turn.
 */
export class Topics implements BrokerEvents {
  readonly #cluster: ClusterHost
  readonly #topics: Map<string, Topic> = new Map()
  /**
   * Deleted topics that brokers still serve, each with the topic of the same name that follows it,
   * if any.
   */
  readonly #leaving: Map<Topic, { next: Coming | null }> = new Map()
  readonly #ids: Stream
  readonly #partitions: Partitions
  readonly #internal: InternalTopic[] = []

  constructor(cluster: ClusterHost) {
    this.#cluster = cluster
    this.#ids = cluster.chance.stream('topic-ids')
    const housekeeping = new Housekeeping({
      clock: cluster.clock,
      settings: cluster.settings,
      removeBefore: ({ topic, partition }, offset, reason) =>
        this.deleteRecords(topic, partition, offset, reason),
      compacted: ({ topic, partition }, offsets) =>
        cluster.observe({ kind: 'compacted', topic, partition, offsets }),
    })
    const exists = (topic: Topic): boolean => this.#topics.get(topic.name) === topic
    this.#partitions = new Partitions(cluster, { housekeeping, exists })
  }

  /** Topics of users. */
  list(): readonly Topic[] {
    return [...this.#topics.values()]
  }

  /** Internal ones included, once somebody uses them. */
  listAll(): readonly Topic[] {
    const internal = this.#internal.filter(({ isListed }) => isListed)
    return [...this.#topics.values(), ...internal.map(({ topic }) => topic)]
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name) ?? this.#internalNamed(name)
  }

  /** Topics in which coordinators keep their state, whether they exist yet or not. */
  internal(): readonly InternalTopic[] {
    return this.#internal
  }

  /** Adds a topic in which coordinators keep their state. */
  addInternal(options: InternalTopicOptions): InternalTopic {
    const internal = new InternalTopic(this.#cluster, options, () => newTopicId(this.#ids))
    this.#internal.push(internal)
    return internal
  }

  #internalNamed(name: string): Topic | undefined {
    return this.#internal.find((each) => each.name === name && each.exists)?.topic
  }

  /** An id that no topic gets: for topics that are only validated. */
  freshId(): string {
    return newTopicId(this.#ids)
  }

  byId(id: string): Topic | undefined {
    for (const topic of this.#topics.values()) if (topic.id === id) return topic
    return this.listAll().find((topic) => topic.isInternal && topic.id === id)
  }

  /**
   * The topic of this name as the controller has it: brokers learn of a deletion, and of what
   * follows, later.
   */
  atController(name: string): Topic | undefined {
    const topic = this.#topics.get(name)
    if (topic === undefined) return this.#internalNamed(name)
    if (this.#leaving.size === 0) return topic
    const leaving = this.#leaving.get(topic)
    return leaving === undefined ? topic : leaving.next?.topic
  }

  partition(topic: string, partition: number): Partition | undefined {
    return this.get(topic)?.partitions[partition]
  }

  /** @throws Error where there is no such partition: for callers that made it */
  log(topic: string, partition: number): PartitionLog {
    const found = this.partition(topic, partition)
    if (found === undefined) throw new Error(`there is no partition ${partitionName({ topic, partition })}`)
    return found.log
  }

  /** @throws Error where it is already there: callers have looked */
  create(name: string, partitions: number, options: TopicOptions = {}): Topic {
    const { startOffset = 0n, configs, factor, assignments } = options
    if (this.atController(name) !== undefined) throw new Error(`there is a topic ${name} already`)
    const topic = newTopic({
      name,
      isInternal: false,
      configs: new TopicConfigs(this.#cluster.settings, configs),
      partitions: [],
      newId: () => this.freshId(),
    })
    const before = this.#topics.get(name)
    const leaving = before === undefined ? undefined : this.#leaving.get(before)
    const coming = { topic, startOffset, assignments: assignments ?? this.#place(0, partitions, factor) }
    if (leaving === undefined) this.#appear(coming)
    else leaving.next = coming
    return topic
  }

  #place(
    first: number,
    count: number,
    factor: number = this.#cluster.settings['default.replication.factor'],
  ): readonly ReplicaAssignment[] {
    return placeReplicas(this.#cluster, { first, count, factor })
  }

  #appear({ topic, assignments, startOffset }: Coming): void {
    this.#topics.set(topic.name, topic)
    for (const assigned of assignments) this.#partitions.add(topic, assigned, startOffset)
    const partitions = assignments.length
    this.#cluster.observe({ kind: 'topic-created', topic: topic.name, partitions, startOffset })
  }

  /** Brokers serve the topic until they have heard of it; then `gone` is told (KAFKA.md L11). */
  delete(name: string, gone: () => void = () => {}): void {
    const topic = this.#topics.get(name)
    if (topic === undefined) return
    const leaving = this.#leaving.get(topic)
    if (leaving !== undefined) {
      leaving.next = null
      return
    }
    const delayMs = this.#cluster.settings['onceover.topic.deletion.ms']
    if (delayMs <= 0) return this.#disappear(topic, gone)
    this.#leaving.set(topic, { next: null })
    this.#cluster.clock.after(delayMs, () => this.#disappear(topic, gone))
  }

  /**
   * Deletes the topic, tells of it, and makes it with the same partitions, replicas and
   * configurations.
   */
  recreate(name: string, gone: () => void): void {
    const topic = this.#topics.get(name)
    if (topic === undefined) throw new Error(`there is no topic ${name}`)
    this.#disappear(topic, gone)
    const { partitions } = topic
    this.create(name, partitions.length, { configs: topic.configs.given, factor: factorOf(topic) })
  }

  #disappear(topic: Topic, gone: () => void): void {
    const next = this.#leaving.get(topic)?.next
    this.#leaving.delete(topic)
    this.#topics.delete(topic.name)
    for (const { log } of topic.partitions) this.#tellDeleted(log)
    this.#cluster.observe({ kind: 'topic-deleted', topic: topic.name })
    gone()
    if (next !== undefined && next !== null) this.#appear(next)
    for (const { log, replicas } of topic.partitions) {
      replicas?.dispose()
      log.wake()
    }
  }

  /**
   * Its records are gone, and records of a topic of the same name at these offsets are other ones.
   */
  #tellDeleted({ topic, partition, endOffset }: PartitionLog): void {
    if (endOffset === 0n) return
    const reason = 'the topic was deleted'
    this.#cluster.observe({ kind: 'truncated', topic, partition, offset: 0n, reason })
  }

  /** With as many replicas as the others have, where they are not assigned by hand. */
  addPartitions(name: string, count: number, byHand?: readonly ReplicaAssignment[]): void {
    const topic = this.#topics.get(name)
    if (topic === undefined) throw new Error(`there is no topic ${name}`)
    const assignments = byHand ?? this.#place(topic.partitions.length, count, factorOf(topic))
    for (const assigned of assignments) this.#partitions.add(topic, assigned, 0n)
    this.#cluster.observe({ kind: 'partitions-added', topic: name, partitions: topic.partitions.length })
  }

  /**
   * The partition's replicas; where there was one copy that goes with its leader, that one is its
   * leader's from now on. Undefined for partitions that are not there, of internal topics, and of
   * one copy that nobody leads.
   */
  replicas(name: string, index: number): PartitionReplicas | undefined {
    const topic = this.#topics.get(name)
    const partition = topic?.partitions[index]
    if (topic === undefined || partition === undefined) return undefined
    return this.#partitions.replicas(topic, partition)
  }

  configure(topic: Pick<Topic, 'configs' | 'onConfigs'>, given: ReadonlyMap<string, string>): void {
    topic.configs.replace(given)
    for (const changed of topic.onConfigs) changed()
  }

  /** This broker's replicas fetch nothing until they are let again. */
  isolate(broker: number, isolated: boolean): void {
    for (const { replicas } of this.#all()) replicas?.isolate(broker, isolated)
  }

  /** The controller counts on the broker no more, or again. What has one copy stays where it is. */
  brokerFenced(id: number, fenced: boolean): void {
    for (const { replicas } of this.#all()) fenced ? replicas?.brokerFenced(id) : replicas?.brokerUnfenced(id)
  }

  /** The broker's view of the cluster is current again. */
  brokerHears(broker: number): void {
    for (const partition of this.#all()) brokerHears(partition, broker)
  }

  /** To `to`, or to the next live broker; where there are replicas, to one that is in sync. */
  moveLeader(topic: string, partition: number, to?: number): void {
    const found = this.partition(topic, partition)
    if (found !== undefined) this.moveLeaderOf(found, to)
  }

  /** @see moveLeader */
  moveLeaderOf(partition: Partition, to?: number): void {
    moveLeader(this.#cluster, partition, to)
  }

  /** The stopped broker's leaderships move to the next live broker. */
  brokerStopped(id: number, losesUnflushed = false): void {
    for (const partition of this.#all()) brokerStopped(this.#cluster, partition, { id, losesUnflushed })
    for (const internal of this.#internal) internal.passOn(id, this.#cluster.nextLive(id))
  }

  /** Partitions without a leader get this one. */
  brokerStarted(id: number): void {
    for (const partition of this.#all()) brokerStarted(partition, id)
    for (const internal of this.#internal) internal.passOn(null, id)
  }

  deleteRecords(topic: string, partition: number, beforeOffset: bigint, reason: DeletionReason): void {
    const log = this.log(topic, partition)
    log.deleteBefore(beforeOffset, reason === 'DeleteRecords' ? 'stay' : 'go')
    this.#cluster.observe({ kind: 'log-start', topic, partition, offset: log.startOffset, reason })
  }

  /** All partitions: those of users' topics, then those of internal ones that have been used. */
  *#all(): Iterable<Partition> {
    for (const { partitions } of this.#topics.values()) yield* partitions
    for (const internal of this.#internal) yield* internal.made()
  }
}
