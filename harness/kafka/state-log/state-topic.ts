import type { ClusterHost } from '../cluster-host.interface.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import type { PartitionReplicas } from '../replication/partition-replicas.ts'
import type { InternalTopic, InternalTopicOptions } from '../topics/internal-topic.ts'
import type { Topics } from '../topics/topics.ts'
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

export type StateLogHost = ClusterHost & {
  readonly topics: Pick<Topics, 'addInternal' | 'moveLeaderOf'>
}

export interface StateTopicOptions<Entry> extends Omit<InternalTopicOptions, 'listener'> {
  readonly host: StateLogHost
  /** An append that is not replicated in this time is answered COORDINATOR_NOT_AVAILABLE. */
  readonly appendTimeoutMs: number
  readonly rules: EntryRules<Entry>
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
 * The log of the coordinators that keep their state in an internal topic (`__consumer_offsets`,
 * `__transaction_state`): the leader of a partition coordinates the ids that hash to it, an answer
 * waits until its entry is replicated, and the next leader reads the log (KAFKA.md C1 to C3, O7).
 * With one copy of each partition, an appended entry counts at once, and the log moves with its
 * leader.
 */
export class StateTopic<Entry> implements StateLog<Entry> {
  readonly name: string
  readonly count: number
  readonly #topic: InternalTopic
  readonly #options: StateTopicOptions<Entry>
  /** Partitions that are being loaded, until this virtual Unix time in milliseconds. */
  readonly #loadingUntilMs: Map<number, number> = new Map()
  readonly #cleaner: StateCleaner<Entry>
  /** Partitions whose leader has not heard that it leads. */
  readonly #unheard: Set<number> = new Set()

  constructor(options: StateTopicOptions<Entry>) {
    this.#options = options
    this.name = options.name
    this.count = options.count
    this.#cleaner = new StateCleaner(options.rules)
    this.#topic = options.host.topics.addInternal({
      ...options,
      listener: {
        moved: (index) => this.#moved(index),
        deposed: (index, leader) => options.deposed(index, leader.broker, leader),
        heard: (index, broker, wasDeposed) => this.#heard(index, broker, wasDeposed),
      },
    })
  }

  partitionOf(id: string): number {
    return hashPartition(id, this.count)
  }

  /** Whether the topic exists. The first request for a coordinator creates it (KAFKA.md C5). */
  sought(): boolean {
    return this.#topic.sought()
  }

  leaderOf(index: number): number | null {
    return this.#topic.leaderOf(index)
  }

  epochOf(index: number): number {
    return this.#topic.epochOf(index)
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
    if (broker === null || !this.#topic.exists || this.leaderOf(index) !== broker) return 'NOT_COORDINATOR'
    if (this.#unheard.has(index)) return 'NOT_COORDINATOR'
    return this.isLoading(index) ? 'COORDINATOR_LOAD_IN_PROGRESS' : null
  }

  use(index: number): void {
    this.#topic.partition(index)
  }

  /** The entries of the leader's log, in order. */
  entries(index: number): readonly Entry[] {
    const log = this.#topic.madePartition(index)?.log
    return log === undefined ? [] : entriesFrom<Entry>(log, log.startOffset)
  }

  unreplicated(index: number): readonly Entry[] {
    const log = this.#topic.madePartition(index)?.log
    return log === undefined ? [] : entriesFrom<Entry>(log, log.highWatermark)
  }

  /** The error that an append is answered with at once, so that nothing is appended, or null. */
  appendRefusal(index: number): string | null {
    const { replicas, leader } = this.#topic.partition(index)
    if (leader === null) return 'NOT_COORDINATOR'
    // NOT_ENOUGH_REPLICAS, as coordinators tell it.
    return replicas?.tooFew === true ? 'COORDINATOR_NOT_AVAILABLE' : null
  }

  /** Appends what `make` makes for the next place in the partition's log. */
  append(index: number, make: (place: BatchPlace) => StateBatch<Entry>, appended: Appended): void {
    const refusal = this.appendRefusal(index)
    if (refusal !== null) return appended.answered(refusal)
    const { log, replicas } = this.#topic.partition(index)
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
    const partition = this.#topic.madePartition(index)
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
    this.#options.host.topics.moveLeaderOf(this.#topic.partition(index), to)
  }

  dispose(): void {
    this.#topic.dispose()
  }

  #heard(index: number, broker: number, wasDeposed: boolean): void {
    if (wasDeposed) this.#options.heard(index, broker)
    if (this.leaderOf(index) === broker && this.#unheard.has(index)) this.#moved(index)
  }

  #moved(index: number): void {
    const { host, moved } = this.#options
    const { log, leader, replicas } = this.#topic.partition(index)
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
}

/** The entries of the batches from the one that holds `offset` on. */
export function entriesFrom<Entry>(log: PartitionLog, offset: bigint): Entry[] {
  return log.from(offset).flatMap((batch) => (batch as StateBatch<Entry>).entries)
}
