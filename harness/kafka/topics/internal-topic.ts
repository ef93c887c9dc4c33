import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import { PartitionLog } from '../log/partition-log.ts'
import { TopicConfigs } from '../log/topic-configs.ts'
import { ProducerStates } from '../producer/producer-state.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import { PartitionReplicas } from '../replication/partition-replicas.ts'
import { newPartition, newReplica } from './new-partition.ts'
import { newTopic } from './new-topic.ts'
import type { Partition, PartitionRegistration, Topic } from './topic.interface.ts'

/** Told of an internal topic's leaders: the coordinators that keep their state in it. */
export interface InternalTopicListener {
  /** Another broker leads the partition (null: none), or the same one leads it again. */
  moved(index: number): void
  /**
   * The deposed leader led the partition until now and has not learnt of its successor; `moved`
   * follows.
   */
  deposed(index: number, leader: DeposedLeader): void
  /**
   * The broker's view of the cluster is current again. @param wasDeposed whether it led until now
   */
  heard(index: number, broker: number, wasDeposed: boolean): void
}

export interface InternalTopicOptions {
  readonly name: string
  /** Number of partitions. */
  readonly count: number
  /** Replicas of each partition; 1: one copy that goes with its leader, unless it stays. */
  readonly factor: number
  /** One replica stays with its broker: nobody coordinates while that is away, as in Kafka. */
  readonly stays?: boolean
  readonly inSyncMin: number
  /** Whether a replica that is not in sync may lead. */
  readonly mayElectUnclean: boolean
  /** By Kafka's names; compacted in any case. */
  readonly configs?: Readonly<Record<string, string>>
  readonly listener: InternalTopicListener
}

/**
 * An internal topic in the table of partitions. A partition is made when it is first used: until
 * then only its leader is known.
 */
export class InternalTopic {
  readonly name: string
  readonly count: number
  readonly #host: ClusterHost
  readonly #options: InternalTopicOptions
  readonly #newId: () => string
  readonly #made: Map<number, Partition> = new Map()
  /** Leaders of unused partitions that have moved off their default broker. */
  readonly #unused: Map<number, { leader: number | null; epoch: number }> = new Map()
  #random: Stream | null = null
  #topic: Topic | null = null
  #creation: 'none' | 'underway' | 'done'
  /** Whether a client has asked for a coordinator. */
  isListed = false

  constructor(host: ClusterHost, options: InternalTopicOptions, newId: () => string) {
    this.#host = host
    this.#options = options
    this.#newId = newId
    this.name = options.name
    this.count = options.count
    this.#creation = host.settings['onceover.internal.topic.creation.ms'] > 0 ? 'none' : 'done'
  }

  get exists(): boolean {
    return this.#creation === 'done'
  }

  /** Whether the topic exists. The first request for a coordinator creates it (KAFKA.md C5). */
  sought(): boolean {
    this.isListed = this.exists
    if (this.#creation === 'none') {
      const { clock, settings } = this.#host
      this.#creation = 'underway'
      clock.after(settings['onceover.internal.topic.creation.ms'], () => {
        this.#creation = 'done'
        this.isListed = true
      })
    }
    return this.exists
  }

  /** The topic with all of its partitions, as readers see it. */
  get topic(): Topic {
    if (this.#topic !== null) return this.#topic
    const { configs = {} } = this.#options
    this.#topic = newTopic({
      name: this.name,
      isInternal: true,
      configs: new TopicConfigs(
        this.#host.settings,
        new Map(Object.entries({ 'cleanup.policy': 'compact', 'segment.bytes': '104857600', ...configs })),
      ),
      partitions: Array.from({ length: this.count }, (_, index) => this.partition(index)),
      newId: this.#newId,
    })
    return this.#topic
  }

  /** The partitions that have been used. */
  made(): Iterable<Partition> {
    return this.#made.values()
  }

  /** The partition, where it has been used. */
  madePartition(index: number): Partition | undefined {
    return this.#made.get(index)
  }

  /** The standing of a partition that nobody has used. */
  unusedPartition(index: number): PartitionRegistration {
    const leader = this.leaderOf(index)
    const assigned = this.hasOneCopy ? [] : this.#assigned(index)
    return {
      leader,
      leaderEpoch: this.epochOf(index),
      inSync: assigned.filter((broker) => this.#host.isUp(broker)),
      offline: assigned.filter((broker) => !this.#host.isUp(broker)),
      eligible: [],
      lastKnownLeader: null,
    }
  }

  partition(index: number): Partition {
    const known = this.#made.get(index)
    if (known !== undefined) return known
    const made = this.#make(index)
    this.#made.set(index, made)
    return made
  }

  /** Broker id, or null while no broker leads the partition. */
  leaderOf(index: number): number | null {
    const made = this.#made.get(index)
    if (made !== undefined) return made.leader
    const unused = this.#unused.get(index)
    if (unused !== undefined) return unused.leader
    if (this.hasOneCopy) return this.#assigned(index)[0] ?? null
    return this.#assigned(index).find((broker) => this.#host.isUp(broker)) ?? null
  }

  /** The leader epoch, which grows with each move. */
  epochOf(index: number): number {
    return this.#made.get(index)?.leaderEpoch ?? this.#unused.get(index)?.epoch ?? 0
  }

  /** Partitions of one copy that nobody has used follow silently, from one broker to another. */
  passOn(from: number | null, to: number | null): void {
    if (!this.hasOneCopy) return
    for (let index = 0; index < this.count; index += 1) {
      if (this.#made.has(index) || this.leaderOf(index) !== from) continue
      this.#unused.set(index, { leader: to, epoch: this.epochOf(index) + 1 })
    }
  }

  /** One copy of each partition, which goes with its leader. */
  get hasOneCopy(): boolean {
    return this.#factor === 1 && this.#options.stays !== true
  }

  dispose(): void {
    for (const { replicas } of this.#made.values()) replicas?.dispose()
  }

  get #factor(): number {
    return Math.min(this.#options.factor, this.#host.brokers.length)
  }

  /** Broker ids, the preferred leader first. */
  #assigned(index: number): number[] {
    const { brokers } = this.#host
    return Array.from(
      { length: this.#factor },
      (_, position) => brokers[(index + position) % brokers.length]?.id ?? 0,
    )
  }

  #make(index: number): Partition {
    const { listener } = this.#options
    const log = new PartitionLog(this.name, index)
    log.leaderEpoch = this.epochOf(index)
    const partition = newPartition({
      log,
      producers: new ProducerStates(this.#host),
      leader: this.leaderOf(index),
      coordinator: {
        moved: () => listener.moved(index),
        heard: (broker, wasDeposed) => listener.heard(index, broker, wasDeposed),
      },
    })
    if (!this.hasOneCopy) partition.replicas = this.#replicate(index, partition)
    return partition
  }

  #replicate(index: number, partition: Partition): PartitionReplicas {
    const { inSyncMin, mayElectUnclean, listener } = this.#options
    const replicas = this.#assigned(index).map((broker, position) =>
      newReplica(this.#host, broker, {
        log: position === 0 ? partition.log : new PartitionLog(this.name, index),
        producers: () => new ProducerStates(this.#host),
      }),
    )
    partition.leader = null
    this.#random ??= this.#host.chance.stream(`replication/${this.name}`)
    return new PartitionReplicas({
      host: this.#host,
      random: this.#random,
      replicas,
      partition,
      inSyncMin: () => inSyncMin,
      mayElectUnclean: () => mayElectUnclean,
      moved: (deposed) => {
        if (deposed !== null) listener.deposed(index, deposed)
        listener.moved(index)
      },
    })
  }
}
