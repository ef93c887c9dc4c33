import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import { PartitionLog } from '../log/partition-log.ts'
import { TopicConfigs } from '../log/topic-configs.ts'
import { ProducerStates } from '../producer/producer-state.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import { PartitionReplicas } from '../replication/partition-replicas.ts'
import { Replica } from '../replication/replica.ts'
import type { InternalTopic, Partition, Topic } from '../topics/topic.interface.ts'
import { hashPartition } from './java-hash.ts'
import type { BatchPlace, StateBatch } from './state-batch.ts'
import { type EntryRules, StateCleaner } from './state-cleaner.ts'

/** Receives the fate of an appended batch. */
export interface Appended {
  /**
   * The entry is replicated, and counts from now on. Also after an error was answered, where it is
   * replicated later (O7).
   */
  applied(batch: StateBatch<unknown>): void
  /** Once: null, or the error that a coordinator answers, by Kafka's name. */
  answered(error: string | null): void
}

export interface StateTopicOptions<Entry> {
  readonly host: ClusterHost
  readonly name: string
  readonly count: number
  /** Replicas of each partition; 1: one copy that goes with its leader. */
  readonly factor: number
  readonly inSyncMin: number
  /** An append that is not replicated in this time is answered COORDINATOR_NOT_AVAILABLE. */
  readonly appendTimeoutMs: number
  readonly rules: EntryRules<Entry>
  /** Whether a replica that is not in sync may lead. */
  readonly mayElectUnclean: boolean
  /** By Kafka's names; compacted in any case. */
  readonly configs?: Readonly<Record<string, string>>
  /** The partition has a new leader (null: none), which loads its log for `loadMs`. */
  readonly moved: (partition: number, leader: number | null, loadMs: number) => void
  /**
   * This broker led the partition until now and has not heard that it does not; `moved` follows.
   */
  readonly deposed: (partition: number, broker: number, leader: DeposedLeader) => void
  /** The deposed broker has learnt of its successor, or has stopped. */
  readonly heard: (partition: number, broker: number) => void
}

/** The log of a topic as the coordinators of its partitions use it. */
export interface StateLog<Entry> {
  partitionOf(id: string): number
  leaderOf(index: number): number | null
  epochOf(index: number): number
  refusal(index: number, broker: number | null): string | null
  serves(index: number): boolean
  /** From now on the partition has something to lose. */
  use(index: number): void
  entries(index: number): readonly Entry[]
  /** Entries above the high watermark, which are not replicated yet. */
  unreplicated(index: number): readonly Entry[]
  /** The error that an append is answered with at once, so that nothing is appended, or null. */
  appendRefusal(index: number): string | null
  append(index: number, make: (place: BatchPlace) => StateBatch<Entry>, appended: Appended): void
  /**
   * Calls back when all that was appended is replicated, at once where it is; with the error that
   * `append` would give.
   */
  afterWrites(index: number, answered: Appended['answered']): void
}

/**
 * A topic in which coordinators keep their state (`__consumer_offsets`, `__transaction_state`): the
 * leader of a partition coordinates the ids that hash to it, an answer waits until its entry is
 * replicated, and the next leader reads the log (KAFKA.md C1 to C3, O7). Its partitions are made
 * when they are first used. With one copy of each, an appended entry counts at once, and the log
 * moves with its leader.
 */
export class StateTopic<Entry> implements InternalTopic, StateLog<Entry> {
  readonly name: string
  readonly count: number
  readonly #options: StateTopicOptions<Entry>
  readonly #made: Map<number, Partition> = new Map()
  /** Leaders of unused partitions that have moved off their default broker. */
  readonly #unused: Map<number, { leader: number | null; epoch: number }> = new Map()
  /** Partitions that are being loaded, until this virtual Unix time in milliseconds. */
  readonly #loadingUntilMs: Map<number, number> = new Map()
  readonly #cleaner: StateCleaner<Entry>
  /** Partitions whose leader has not heard that it leads. */
  readonly #unheard: Set<number> = new Set()
  #random: Stream | null = null
  #topic: Topic | null = null
  #creation: 'none' | 'underway' | 'done'
  isListed = false

  constructor(options: StateTopicOptions<Entry>) {
    this.#options = options
    this.name = options.name
    this.count = options.count
    this.#cleaner = new StateCleaner(options.rules)
    this.#creation = options.host.settings['onceover.internal.topic.creation.ms'] > 0 ? 'none' : 'done'
  }

  partitionOf(id: string): number {
    return hashPartition(id, this.count)
  }

  /** Whether the topic exists. The first request for a coordinator creates it (KAFKA.md C5). */
  sought(): boolean {
    this.isListed = this.exists
    if (this.#creation === 'none') {
      const { clock, settings } = this.#options.host
      this.#creation = 'underway'
      clock.after(settings['onceover.internal.topic.creation.ms'], () => {
        this.#creation = 'done'
        this.isListed = true
      })
    }
    return this.exists
  }

  get exists(): boolean {
    return this.#creation === 'done'
  }

  /** Broker id, or null while no broker leads the partition. */
  leaderOf(index: number): number | null {
    const made = this.#made.get(index)
    if (made !== undefined) return made.leader
    const unused = this.#unused.get(index)
    if (unused !== undefined) return unused.leader
    if (this.#factor === 1) return this.#assigned(index)[0] ?? null
    return this.#assigned(index).find((broker) => this.#options.host.isUp(broker)) ?? null
  }

  /** Grows with each move. */
  epochOf(index: number): number {
    return this.#made.get(index)?.log.leaderEpoch ?? this.#unused.get(index)?.epoch ?? 0
  }

  isLoading(index: number): boolean {
    const untilMs = this.#loadingUntilMs.get(index)
    return untilMs !== undefined && untilMs > this.#options.host.clock.nowMs()
  }

  /** Whether this broker reads a partition that it leads now. */
  loadsAny(broker: number): boolean {
    for (const index of this.#loadingUntilMs.keys()) {
      if (this.isLoading(index) && this.leaderOf(index) === broker) return true
    }
    return false
  }

  /** Whether some broker leads the partition and has read it. */
  serves(index: number): boolean {
    return this.leaderOf(index) !== null && !this.#unheard.has(index) && !this.isLoading(index)
  }

  /** The error that this broker answers for this partition, or null where it may serve. */
  refusal(index: number, broker: number | null): string | null {
    if (broker === null || !this.exists || this.leaderOf(index) !== broker) return 'NOT_COORDINATOR'
    if (this.#unheard.has(index)) return 'NOT_COORDINATOR'
    return this.isLoading(index) ? 'COORDINATOR_LOAD_IN_PROGRESS' : null
  }

  use(index: number): void {
    this.partition(index)
  }

  /** The partition as brokers serve it to readers. */
  partition(index: number): Partition {
    const known = this.#made.get(index)
    if (known !== undefined) return known
    const made = this.#make(index)
    this.#made.set(index, made)
    return made
  }

  /** All of it, as readers see it. */
  asTopic(newId: () => string): Topic {
    if (this.#topic !== null) return this.#topic
    const { host, name, configs = {} } = this.#options
    let id: string | null = null
    this.#topic = {
      name,
      get id() {
        id ??= newId()
        return id
      },
      isInternal: true,
      configs: new TopicConfigs(
        host.settings,
        new Map(Object.entries({ 'cleanup.policy': 'compact', 'segment.bytes': '104857600', ...configs })),
      ),
      partitions: Array.from({ length: this.count }, (_, index) => this.partition(index)),
      onConfigs: [],
    }
    return this.#topic
  }

  /** The entries of the leader's log, in order. */
  entries(index: number): readonly Entry[] {
    const log = this.#made.get(index)?.log
    return log === undefined ? [] : entriesFrom<Entry>(log, log.startOffset)
  }

  unreplicated(index: number): readonly Entry[] {
    const log = this.#made.get(index)?.log
    return log === undefined ? [] : entriesFrom<Entry>(log, log.highWatermark)
  }

  /** The error that an append is answered with at once, so that nothing is appended, or null. */
  appendRefusal(index: number): string | null {
    const { replicas, leader } = this.partition(index)
    if (leader === null) return 'NOT_COORDINATOR'
    // NOT_ENOUGH_REPLICAS, as coordinators tell it.
    return replicas?.tooFew === true ? 'COORDINATOR_NOT_AVAILABLE' : null
  }

  /** Appends what `make` makes for the next place in the partition's log. */
  append(index: number, make: (place: BatchPlace) => StateBatch<Entry>, appended: Appended): void {
    const refusal = this.appendRefusal(index)
    if (refusal !== null) return appended.answered(refusal)
    const { log, replicas } = this.partition(index)
    const batch = this.#store(log, make)
    this.#cleaner.appended(index, replicas?.logs ?? [log])
    if (replicas !== null) return this.#whenAppended(replicas, batch, appended)
    appended.applied(batch)
    appended.answered(null)
    log.wake()
  }

  /** Appends as the last leader of a partition that does not know of its successor. */
  appendDeposed(
    leader: DeposedLeader,
    make: (place: BatchPlace) => StateBatch<Entry>,
    appended: Appended,
  ): void {
    this.#whenAppended(leader, this.#store(leader.log, make), appended)
  }

  afterWrites(index: number, answered: Appended['answered'], deposed: DeposedLeader | null = null): void {
    const partition = this.#made.get(index)
    const replicas = deposed ?? partition?.replicas ?? null
    const log = deposed?.log ?? partition?.log
    if (replicas === null || log === undefined || log.endOffset <= log.highWatermark) return answered(null)
    this.#whenReplicated(replicas, log.endOffset, { applied() {}, answered })
  }

  #store(log: PartitionLog, make: (place: BatchPlace) => StateBatch<Entry>): StateBatch<Entry> {
    const nowMs = this.#options.host.clock.nowMs()
    const batch = make({ baseOffset: log.endOffset, leaderEpoch: log.leaderEpoch, nowMs })
    log.appendCopy(batch)
    return batch
  }

  #whenAppended(
    replicas: Pick<PartitionReplicas, 'whenReplicated'>,
    batch: StateBatch<Entry>,
    { applied, answered }: Appended,
  ): void {
    const end = batch.lastOffset + 1n
    this.#whenReplicated(replicas, end, { applied: () => applied(batch), answered })
  }

  #whenReplicated(
    replicas: Pick<PartitionReplicas, 'whenReplicated'>,
    end: bigint,
    { applied, answered }: { applied(): void; answered: Appended['answered'] },
  ): void {
    let late = false
    const timer = this.#options.host.clock.after(this.#options.appendTimeoutMs, () => {
      late = true
      answered('COORDINATOR_NOT_AVAILABLE')
    })
    replicas.whenReplicated(end, (error) => {
      timer.cancel()
      const replicated = error === null || error === 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
      if (replicated) applied()
      if (late) return
      if (replicated) answered(error === null ? null : 'COORDINATOR_NOT_AVAILABLE')
      else answered('NOT_COORDINATOR')
    })
  }

  // --- leaders come and go

  /** Leadership moves to `to`, or to the next live broker. */
  move(index: number, to?: number): void {
    const { host } = this.#options
    const { replicas, leader } = this.partition(index)
    if (replicas !== null) return replicas.moveLeader(to)
    const next = to !== undefined && host.isUp(to) ? to : host.nextLive(leader ?? -1)
    // With one broker the same one loads again.
    if (next !== leader || host.brokers.length === 1) this.#lead(index, next)
  }

  isolate(broker: number, isolated: boolean): void {
    for (const { replicas } of this.#made.values()) replicas?.isolate(broker, isolated)
  }

  /** The controller counts on the broker no more, or again. What has one copy stays where it is. */
  brokerFenced(id: number, fenced: boolean): void {
    for (const { replicas } of this.#made.values())
      fenced ? replicas?.brokerFenced(id) : replicas?.brokerUnfenced(id)
  }

  /** The broker's view of the cluster is current again: it knows what it leads, and what not. */
  brokerHears(broker: number): void {
    for (const [index, { replicas, leader }] of this.#made) {
      const wasDeposed = replicas?.deposed(broker) !== undefined
      replicas?.brokerHears(broker)
      if (wasDeposed) this.#options.heard(index, broker)
      if (leader === broker && this.#unheard.has(index)) this.#moved(index)
    }
  }

  brokerStopped(id: number, losesUnflushed: boolean): void {
    const { host } = this.#options
    for (const [index, { replicas, leader }] of this.#made) {
      if (replicas !== null) replicas.brokerStopped(id, losesUnflushed)
      else if (leader === id) this.#lead(index, host.nextLive(id))
    }
    this.#passOn(id, host.nextLive(id))
  }

  brokerStarted(id: number): void {
    for (const [index, { replicas, leader }] of this.#made) {
      if (replicas !== null) replicas.brokerStarted(id)
      else if (leader === null) this.#lead(index, id)
    }
    this.#passOn(null, id)
  }

  /** Partitions that nobody has used follow silently. */
  #passOn(from: number | null, to: number | null): void {
    if (this.#factor > 1) return
    for (let index = 0; index < this.count; index += 1) {
      if (this.#made.has(index) || this.leaderOf(index) !== from) continue
      this.#unused.set(index, { leader: to, epoch: this.epochOf(index) + 1 })
    }
  }

  dispose(): void {
    for (const { replicas } of this.#made.values()) replicas?.dispose()
  }

  #lead(index: number, to: number | null): void {
    const partition = this.partition(index)
    partition.leader = to
    partition.log.leaderEpoch += 1
    this.#moved(index)
    partition.log.wake()
  }

  #moved(index: number): void {
    const { host, moved } = this.#options
    const { log, leader, replicas } = this.partition(index)
    const { settings, clock } = host
    const records = Number(log.endOffset - log.startOffset)
    const loadMs =
      settings['onceover.coordinator.load.ms'] +
      Math.round(records * settings['onceover.coordinator.load.record.ms'])
    if (leader !== null && host.isStale(leader) && replicas?.isLed !== true) {
      this.#unheard.add(index)
      return moved(index, null, loadMs)
    }
    this.#unheard.delete(index)
    this.#loadingUntilMs.set(index, clock.nowMs() + loadMs)
    moved(index, leader, loadMs)
  }

  // --- partitions

  get #factor(): number {
    return Math.min(this.#options.factor, this.#options.host.brokers.length)
  }

  /** Broker ids, the preferred leader first. */
  #assigned(index: number): number[] {
    const { brokers } = this.#options.host
    return Array.from(
      { length: this.#factor },
      (_, position) => brokers[(index + position) % brokers.length]?.id ?? 0,
    )
  }

  #make(index: number): Partition {
    const { host, name } = this.#options
    const log = new PartitionLog(name, index)
    log.leaderEpoch = this.epochOf(index)
    const partition: Partition = {
      log,
      producers: new ProducerStates(host),
      leader: this.leaderOf(index),
      get leaderEpoch() {
        return partition.log.leaderEpoch
      },
      replicas: null,
    }
    if (this.#factor > 1) partition.replicas = this.#replicate(index, partition)
    return partition
  }

  #replicate(index: number, partition: Partition): PartitionReplicas {
    const { host, name, inSyncMin, mayElectUnclean } = this.#options
    const replicas = this.#assigned(index).map((broker, position) => {
      const log = position === 0 ? partition.log : new PartitionLog(name, index)
      const producers = (): ProducerStates => new ProducerStates(host)
      const replica = new Replica(broker, { log, producers, nowMs: host.clock.nowMs() })
      replica.online = host.isUp(broker)
      replica.isolated = host.isolated.has(broker)
      return replica
    })
    partition.leader = null
    this.#random ??= host.chance.stream(`replication/${name}`)
    return new PartitionReplicas({
      host,
      random: this.#random,
      replicas,
      partition,
      inSyncMin: () => inSyncMin,
      mayElectUnclean: () => mayElectUnclean,
      moved: (deposed) => {
        if (deposed !== null) this.#options.deposed(index, deposed.broker, deposed)
        this.#moved(index)
      },
    })
  }
}

/** The entries of the batches from the one that holds `offset` on. */
export function entriesFrom<Entry>(log: PartitionLog, offset: bigint): Entry[] {
  return log.from(offset).flatMap((batch) => (batch as StateBatch<Entry>).entries)
}
