import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import { ProducerStates } from '../producer/producer-state.ts'
import { PartitionReplicas } from '../replication/partition-replicas.ts'
import { Replica } from '../replication/replica.ts'
import type { Rewriting } from '../replication/written-log.ts'
import { Housekeeping } from './housekeeping.ts'
import { PartitionLog } from './partition-log.ts'
import { type Assignment, placeReplicas } from './replica-placement.ts'
import { tellAgain } from './tell-again.ts'
import { TopicConfigs } from './topic-configs.ts'
import { newTopicId } from './topic-ids.ts'

/** A partition as a broker sees it that serves clients. */
export interface SeenPartition {
  /** The leader's; while none leads, that of the last one. */
  readonly log: PartitionLog
  readonly producers: ProducerStates
  /** Broker id, or null while no broker is left. */
  readonly leader: number | null
  readonly leaderEpoch: number
  /** Null where there is one copy only: it goes with the leader. */
  readonly replicas: SeenReplicas | null
}

export type SeenReplicas = Pick<
  PartitionReplicas,
  | 'assigned'
  | 'inSync'
  | 'offline'
  | 'eligible'
  | 'lastKnownLeader'
  | 'tooFew'
  | 'watermarkLags'
  | 'whenReplicated'
  | 'logOf'
  | 'caughtUpTo'
>

export interface Partition extends SeenPartition {
  log: PartitionLog
  producers: ProducerStates
  leader: number | null
  replicas: PartitionReplicas | null
}

/** A topic as a broker sees it that serves clients. */
export interface SeenTopic extends Omit<Topic, 'partitions'> {
  readonly partitions: readonly SeenPartition[]
}

export interface Topic {
  readonly name: string
  /** 32 hex digits, another one each time a topic of this name is created (KIP-516). */
  readonly id: string
  /** Coordinators keep their state in it; nobody else writes to it (Kafka's `is_internal`). */
  readonly isInternal: boolean
  readonly configs: TopicConfigs
  readonly partitions: Partition[]
  /** To be told when the configuration has changed. */
  readonly onConfigs: (() => void)[]
}

/** A topic in which a coordinator keeps its state, made whole when somebody looks at it from outside. */
export interface InternalTopic {
  readonly name: string
  readonly exists: boolean
  /** Somebody has looked for a coordinator. */
  readonly isListed: boolean
  asTopic(newId: () => string): Topic
}

export interface TopicOptions {
  readonly startOffset?: bigint
  readonly configs?: ReadonlyMap<string, string>
  /** Replicas of each partition, of as many as there are brokers; default: `default.replication.factor`. */
  readonly factor?: number
  /** One for each partition, instead of a factor. */
  readonly assignments?: readonly Assignment[]
}

/** A topic that brokers do not know yet. */
interface Coming {
  readonly topic: Topic
  readonly startOffset: bigint
  readonly assignments: readonly Assignment[]
}

/** Topics, their partitions, and who leads each. Leaders are spread over the brokers in turn. */
export class Topics {
  readonly #cluster: ClusterHost
  readonly #topics: Map<string, Topic> = new Map()
  /** Deleted topics that brokers still serve, each with the topic of the same name that follows it, if any. */
  readonly #leaving: Map<Topic, { next: Coming | null }> = new Map()
  readonly #ids: Stream
  /** Of the delays of replication; drawn by topics that replicate. */
  #replication: Stream | null = null
  readonly #housekeeping: Housekeeping
  readonly #internal: InternalTopic[] = []

  constructor(cluster: ClusterHost) {
    this.#cluster = cluster
    this.#ids = cluster.chance.stream('topic-ids')
    this.#housekeeping = new Housekeeping({
      clock: cluster.clock,
      settings: cluster.settings,
      removeBefore: ({ topic, partition }, offset, reason) =>
        this.deleteRecords(topic, partition, offset, reason),
      compacted: ({ topic, partition }, offsets) =>
        cluster.observe({ kind: 'compacted', topic, partition, offsets }),
    })
  }

  /** Topics of users. */
  list(): readonly Topic[] {
    return [...this.#topics.values()]
  }

  /** Internal ones included, once somebody uses them. */
  listAll(): readonly Topic[] {
    const internal = this.#internal.filter(({ isListed }) => isListed)
    return [...this.#topics.values(), ...internal.map((each) => this.#internalTopic(each))]
  }

  get(name: string): Topic | undefined {
    return this.#topics.get(name) ?? this.#internalNamed(name)
  }

  /** From now on this one can be seen, too. */
  addInternal(topic: InternalTopic): void {
    this.#internal.push(topic)
  }

  #internalNamed(name: string): Topic | undefined {
    const found = this.#internal.find((each) => each.name === name && each.exists)
    return found === undefined ? undefined : this.#internalTopic(found)
  }

  #internalTopic(topic: InternalTopic): Topic {
    return topic.asTopic(() => newTopicId(this.#ids))
  }

  /** An id that no topic gets: for topics that are only validated. */
  freshId(): string {
    return newTopicId(this.#ids)
  }

  byId(id: string): Topic | undefined {
    for (const topic of this.#topics.values()) if (topic.id === id) return topic
    return this.listAll().find((topic) => topic.isInternal && topic.id === id)
  }

  /** The topic of this name as the controller has it: brokers learn of a deletion, and of what follows, later. */
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
    if (found === undefined) throw new Error(`there is no partition ${topic}/${partition}`)
    return found.log
  }

  /** @throws Error where it is already there: callers have looked */
  create(name: string, partitions: number, options: TopicOptions = {}): Topic {
    const { startOffset = 0n, configs, factor, assignments } = options
    if (this.atController(name) !== undefined) throw new Error(`there is a topic ${name} already`)
    const ids = this.#ids
    // Drawn when somebody asks: most clients never do.
    let id: string | null = null
    const topic: Topic = {
      name,
      get id() {
        id ??= newTopicId(ids)
        return id
      },
      isInternal: false,
      configs: new TopicConfigs(this.#cluster.settings, configs),
      partitions: [],
      onConfigs: [],
    }
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
  ): readonly Assignment[] {
    return placeReplicas(this.#cluster, { first, count, factor })
  }

  #appear({ topic, assignments, startOffset }: Coming): void {
    this.#topics.set(topic.name, topic)
    for (const assigned of assignments) this.#add(topic, assigned, startOffset)
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

  /** Deletes the topic, tells of it, and makes it with the same partitions, replicas and configurations. */
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

  /** What was in it is gone, and what a topic of the same name gets at these offsets is something else. */
  #tellDeleted({ topic, partition, endOffset }: PartitionLog): void {
    if (endOffset === 0n) return
    const reason = 'the topic was deleted'
    this.#cluster.observe({ kind: 'truncated', topic, partition, offset: 0n, reason })
  }

  /** With as many replicas as the others have, where they are not assigned by hand. */
  addPartitions(name: string, count: number, byHand?: readonly Assignment[]): void {
    const topic = this.#topics.get(name)
    if (topic === undefined) throw new Error(`there is no topic ${name}`)
    const assignments = byHand ?? this.#place(topic.partitions.length, count, factorOf(topic))
    for (const assigned of assignments) this.#add(topic, assigned, 0n)
    this.#cluster.observe({ kind: 'partitions-added', topic: name, partitions: topic.partitions.length })
  }

  #add(topic: Topic, assigned: Assignment, startOffset: bigint): void {
    const index = topic.partitions.length
    const [preferred = 0] = assigned
    const leader = this.#cluster.isUp(preferred) ? preferred : this.#cluster.nextLive(preferred)
    const log = new PartitionLog(topic.name, index, startOffset)
    const partition: Partition = {
      log,
      producers: new ProducerStates(
        this.#cluster,
        (producerId) => log.transactions.openSince(producerId) !== null,
      ),
      leader,
      get leaderEpoch() {
        return partition.log.leaderEpoch
      },
      replicas: null,
    }
    topic.partitions.push(partition)
    const changed = this.#housekeeping.watch({
      topic: topic.name,
      partition: index,
      configs: topic.configs,
      log: () => partition.log,
      isLed: () => partition.leader !== null,
      exists: () => this.#topics.get(topic.name) === topic,
      isLastOfProducer: (batch) => partition.producers.isLast(batch),
    })
    topic.onConfigs.push(changed)
    if (assigned.length > 1)
      partition.replicas = this.#replicate(
        topic,
        partition,
        assigned.map((broker, position) =>
          this.#newReplica(broker, position === 0 ? log : new PartitionLog(topic.name, index, startOffset)),
        ),
      )
  }

  #replicate(topic: Topic, partition: Partition, replicas: readonly Replica[]): PartitionReplicas {
    const { log: first } = partition
    partition.leader = null
    this.#replication ??= this.#cluster.chance.stream('replication')
    return new PartitionReplicas({
      host: this.#cluster,
      random: this.#replication,
      replicas,
      newReplica: (broker) =>
        this.#newReplica(broker, new PartitionLog(topic.name, first.partition, first.startOffset)),
      partition,
      inSyncMin: () => Number(topic.configs.get('min.insync.replicas')),
      mayElectUnclean: () => topic.configs.get('unclean.leader.election.enable') === 'true',
      moved: () => topic.onConfigs[first.partition]?.(),
      rewritten: (rewriting) => this.#rewritten(first, rewriting),
    })
  }

  #newReplica(broker: number, log: PartitionLog): Replica {
    const producers = (): ProducerStates =>
      new ProducerStates(this.#cluster, (id) => log.transactions.openSince(id) !== null)
    const replica = new Replica(broker, { log, producers, nowMs: this.#cluster.clock.nowMs() })
    replica.online = this.#cluster.isUp(broker)
    replica.isolated = this.#cluster.isolated.has(broker)
    replica.unaware = this.#cluster.isStale(broker)
    return replica
  }

  /**
   * The partition's replicas; where there was one copy that goes with its leader, that one is its leader's from now on.
   * Undefined for partitions that are not there, of internal topics, and of one copy that nobody leads.
   */
  replicas(name: string, index: number): PartitionReplicas | undefined {
    const topic = this.#topics.get(name)
    const partition = topic?.partitions[index]
    if (topic === undefined || partition === undefined || partition.replicas !== null)
      return partition?.replicas ?? undefined
    const { leader, log, producers } = partition
    if (leader === null) return undefined
    const only = this.#newReplica(leader, log)
    only.producers = producers
    partition.replicas = this.#replicate(topic, partition, [only])
    return partition.replicas
  }

  /** The new leader's log is another one: what was told of is gone, or is back. */
  #rewritten({ topic, partition }: PartitionLog, { offset, back, uncommittedFrom }: Rewriting): void {
    this.#cluster.observe({
      kind: 'truncated',
      topic,
      partition,
      offset,
      reason: 'the new leader lacks it',
      ...(uncommittedFrom === null ? {} : { uncommittedFrom }),
    })
    for (const batch of back) tellAgain(this.#cluster, { topic, partition }, batch)
  }

  /** This broker's replicas fetch nothing until they are let again. */
  isolate(broker: number, isolated: boolean): void {
    for (const { partitions } of this.#topics.values())
      for (const { replicas } of partitions) replicas?.isolate(broker, isolated)
  }

  /** The controller counts on the broker no more, or again. What has one copy stays where it is. */
  brokerFenced(id: number, fenced: boolean): void {
    for (const { partitions } of this.#topics.values())
      for (const { replicas } of partitions)
        fenced ? replicas?.brokerFenced(id) : replicas?.brokerUnfenced(id)
  }

  /** The broker's view of the cluster is current again. */
  brokerHears(broker: number): void {
    for (const { partitions } of this.#topics.values())
      for (const { replicas } of partitions) replicas?.brokerHears(broker)
  }

  configure(topic: Pick<Topic, 'configs' | 'onConfigs'>, given: ReadonlyMap<string, string>): void {
    topic.configs.replace(given)
    for (const changed of topic.onConfigs) changed()
  }

  moveLeader(topic: string, partition: number, to?: number): void {
    const found = this.partition(topic, partition)
    if (found === undefined) return
    if (found.replicas !== null) return found.replicas.moveLeader(to)
    const next = to ?? this.#cluster.nextLive(found.leader ?? -1)
    if (next === found.leader) return
    found.leader = next
    found.log.leaderEpoch += 1
    found.log.wake()
  }

  /** What this broker led moves to the next live broker. */
  brokerStopped(id: number, losesUnflushed = false): void {
    for (const { partitions } of this.#topics.values()) {
      for (const partition of partitions) {
        partition.replicas?.brokerStopped(id, losesUnflushed)
        if (partition.replicas !== null || partition.leader !== id) continue
        if (!losesUnflushed) partition.producers.load(partition.producers.snapshot())
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
        partition.replicas?.brokerStarted(id)
        if (partition.replicas !== null || partition.leader !== null) continue
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

/** Replicas of each of its partitions, as far as new ones are concerned. */
export function factorOf({ partitions }: Topic): number {
  return partitions[0]?.replicas?.assigned.length ?? 1
}
