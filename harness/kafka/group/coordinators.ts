import type { Observation, TopicPartition } from '../../core/history.ts'
import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import { DeposedLog } from '../internal/deposed-log.ts'
import { markerBatch, stateBatch } from '../internal/state-batch.ts'
import { type StateLog, StateTopic } from '../internal/state-topic.ts'
import { LazyTask } from '../lazy-task.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import { ClassicGroup } from './classic-group.ts'
import { ConsumerGroup } from './consumer-group/consumer-group.ts'
import { toConsumerRecord } from './consumer-group/conversion.ts'
import type { ConsumerHeartbeat } from './consumer-group/heartbeat.interface.ts'
import { ConsumerRecords, changes, NO_RECORDS } from './consumer-group/records.ts'
import type { Group } from './group.interface.ts'
import type {
  ClassicGroupRecord,
  GroupEntry,
  GroupHost,
  GroupRecord,
  TopicDirectory,
} from './group-host.interface.ts'
import { GroupTenure } from './group-tenure.ts'
import { expiredOffsets } from './offset-expiry.ts'
import { type CommittedOffset, GroupOffsets, type OffsetOf } from './offsets.ts'
import {
  encodeOffsetsEntry,
  type MarkerEntry,
  OFFSETS_RULES,
  type OffsetEntry,
  type OffsetsEntry,
} from './offsets-entries.ts'
import { type OldGroup, observeLost } from './what-was-lost.ts'

const MINUTE_MS = 60_000
export const OFFSETS_TOPIC = '__consumer_offsets'

/** Offsets that transactions which are not decided hold for groups; told of what is in the log. */
export interface HeldOffsets {
  isPending(group: string, topic: string, partition: number): boolean
  holdsAny(group: string): boolean
  pendingOf(group: string): readonly TopicPartition[]
  forget(group: string, topic: string, partition: number): void
  /** The log of this partition is read from its start. */
  reset(partition: number): void
  add(entry: OffsetEntry): void
  decide(partition: number, marker: MarkerEntry): void
}

/** Offsets that one request brings for one group. */
export interface Commit {
  readonly group: string
  readonly offsets: readonly OffsetOf[]
  readonly producer?: { readonly id: bigint; readonly epoch: number } | null
  /** Tells that this one of them counts now. That may come after its request was answered with an error (O7). */
  readonly tell: (index: number) => void
  /** Once: null when they are replicated, or the error. */
  readonly answered: (error: string | null) => void
}

/** What one broker goes on coordinating although others do. */
export interface DeposedCoordinator {
  readonly coordinators: Coordinators
  readonly log: DeposedLog<OffsetsEntry>
}

interface Kept {
  readonly offsets: GroupOffsets
  group: Group
  /** What the group's records in the log say; null where there are none. */
  record: GroupRecord | null
}

/**
 * Which broker coordinates which group: the leader of the group's partition of `__consumer_offsets`. What groups are and
 * have committed is what stands in that log; a coordinator that takes over reads it, and what was not in it is lost
 * (KAFKA.md C1 to C3).
 */
export class Coordinators {
  readonly #cluster: ClusterHost & { readonly topics: TopicDirectory }
  readonly #groups: Map<string, Kept> = new Map()
  readonly #host: GroupHost
  readonly #expiry: LazyTask
  /** The log of all of them. */
  readonly log: StateTopic<OffsetsEntry>
  /** As it is read and written here. */
  readonly #log: StateLog<OffsetsEntry>
  /** Who keeps the groups of each partition that has any. */
  readonly #tenures: Map<number, GroupTenure> = new Map()
  /** By broker: what it goes on coordinating, as it has not heard of its successors (C4). Null where nobody ever did. */
  #deposed: Map<number, DeposedCoordinator> | null = null
  /** Of those that go on: those whom everybody else asks. */
  readonly #successors: Coordinators | null
  /** What they know nothing of, although it was replicated as far as this one knows. */
  readonly #alone: OffsetEntry[] = []
  /** Set by whoever keeps them. */
  held: HeldOffsets | null = null
  readonly #retentionMs: number

  /** @param deposed a broker that goes on coordinating what it led, and who coordinates it now */
  constructor(
    cluster: ClusterHost & { readonly topics: TopicDirectory },
    deposed: { readonly log: StateLog<OffsetsEntry>; readonly successors: Coordinators } | null = null,
  ) {
    this.#cluster = cluster
    this.#successors = deposed?.successors ?? null
    const { settings } = cluster
    const random = cluster.chance.stream('member-ids')
    const intervalMs = settings['offsets.retention.check.interval.ms']
    this.#retentionMs = settings['offsets.retention.minutes'] * MINUTE_MS
    this.log = deposed?.successors.log ?? this.#makeLog()
    this.#log = deposed?.log ?? this.log
    this.#expiry = new LazyTask({
      clock: cluster.clock,
      firstMs: cluster.clock.nowMs() + intervalMs,
      intervalMs,
      run: (nowMs) => this.#expire(nowMs),
    })
    this.#host = {
      clock: cluster.clock,
      settings,
      topics: cluster.topics,
      observe: (observation) => this.#observe(observation),
      refusal: (group) => this.#log.appendRefusal(this.partitionOf(group)),
      append: (group, entries, written) => this.#write(group, entries, written),
      downgrade: (id, record, reason) => this.#downgrade(id, record, reason),
      newUuid: () => Buffer.from(randomHex(random), 'hex').toString('base64url'),
      newMemberId: (clientId) => {
        const hex = randomHex(random)
        return `${clientId}-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
      },
    }
  }

  #makeLog(): StateTopic<OffsetsEntry> {
    const { settings } = this.#cluster
    return new StateTopic({
      host: this.#cluster,
      name: OFFSETS_TOPIC,
      count: settings['offsets.topic.num.partitions'],
      factor: settings['offsets.topic.replication.factor'] || settings['default.replication.factor'],
      inSyncMin: settings['min.insync.replicas'],
      appendTimeoutMs: settings['offsets.commit.timeout.ms'],
      rules: OFFSETS_RULES,
      mayElectUnclean: settings['unclean.leader.election.enable'],
      moved: (partition, leader, loadMs) => this.#moved(partition, leader, loadMs),
      deposed: (partition, broker, leader) => this.#depose(partition, broker, leader),
      heard: (partition, broker) => this.#unload(partition, broker),
    })
  }

  partitionOf(group: string): number {
    return this.#log.partitionOf(group)
  }

  /** Broker id, or null while no broker is left. */
  brokerOf(group: string): number | null {
    return this.#log.leaderOf(this.partitionOf(group))
  }

  /** The error that this broker answers for this group, or null where it may serve. */
  refusal(group: string, broker: number): string | null {
    return this.#log.refusal(this.partitionOf(group), broker)
  }

  ids(): readonly string[] {
    return [...this.#groups].filter(([, { group }]) => group.state !== 'Dead').map(([id]) => id)
  }

  group(id: string): Group | undefined {
    const group = this.#groups.get(id)?.group
    return group?.state === 'Dead' ? undefined : group
  }

  classicGroup(id: string): ClassicGroup | undefined {
    const group = this.group(id)
    return group instanceof ClassicGroup ? group : undefined
  }

  consumerGroup(id: string): ConsumerGroup | undefined {
    const group = this.group(id)
    return group instanceof ConsumerGroup ? group : undefined
  }

  /**
   * The group that a JoinGroup goes to: an empty one of the consumer protocol makes way, its offsets stay. A new one is
   * written before it has members.
   */
  groupToJoin(id: string): Group {
    const before = this.group(id)
    const kept = this.#keptOrNew(id)
    const makesWay = before?.type === 'consumer' && before.state === 'Empty'
    if (before !== undefined && !makesWay) return before
    before?.unload('NOT_COORDINATOR')
    const made = makesWay ? new ClassicGroup(id, this.#hostOf(id)) : kept.group
    kept.group = made
    if (made instanceof ClassicGroup)
      this.#append(id, [...(before?.tombstones() ?? []), made.entry()], () => {})
    return made
  }

  /**
   * The group that a member of the consumer protocol joins with this heartbeat: a new one, or a classic one that is
   * converted; or the error, by Kafka's name, and then all is as it was.
   */
  groupToSubscribe(id: string, heartbeat: ConsumerHeartbeat): ConsumerGroup | string {
    const group = this.group(id)
    if (group instanceof ConsumerGroup) return group
    const empty = group === undefined || group.state === 'Empty'
    const record =
      empty || !(group instanceof ClassicGroup)
        ? null
        : toConsumerRecord(group, this.#cluster.topics, this.#cluster.settings)
    if (!empty && record === null) return 'GROUP_ID_NOT_FOUND'
    const made =
      record === null
        ? new ConsumerGroup(id, this.#hostOf(id))
        : ConsumerGroup.load(id, record, 0, this.#hostOf(id))
    const refusal = made.refusalOf(heartbeat) ?? this.#host.refusal(id)
    if (refusal !== null) {
      made.unload(refusal)
      return refusal
    }
    const before = group?.tombstones() ?? []
    group?.unload('REBALANCE_IN_PROGRESS')
    const kept = this.#keptOrNew(id)
    kept.group = made
    const after = record ?? NO_RECORDS
    const entries = changes(id, NO_RECORDS, { after, nowMs: this.#cluster.clock.nowMs() })
    if (group !== undefined) this.#write(id, [...before, ...entries])
    return made
  }

  #downgrade(id: string, record: ClassicGroupRecord, reason: string | null): void {
    const kept = this.#keptOrNew(id)
    const before = kept.group.tombstones()
    kept.group.unload('NOT_COORDINATOR')
    const group = ClassicGroup.load(id, record, 0, this.#hostOf(id))
    kept.group = group
    this.#write(id, [...before, { kind: 'group', group: id, record }])
    if (reason !== null) group.rebalance(reason)
  }

  offsets(id: string): GroupOffsets | undefined {
    return this.#groups.get(id)?.offsets
  }

  /** The process whose current assignment holds this partition, or null. */
  ownerOf(id: string, topic: string, partition: number): string | null {
    return this.group(id)?.ownerOf(topic, partition) ?? null
  }

  #hostOf(group: string): GroupHost {
    const partition = this.partitionOf(group)
    const known = this.#tenures.get(partition)
    if (known !== undefined) return known
    const made = new GroupTenure(this.#host)
    this.#tenures.set(partition, made)
    return made
  }

  #keptOrNew(id: string): Kept {
    const known = this.#groups.get(id)
    if (known !== undefined) return known
    const offsets = new GroupOffsets((committed) => this.#committed(committed))
    const made = { offsets, group: new ClassicGroup(id, this.#hostOf(id)), record: null }
    this.#groups.set(id, made)
    // From now on it has something to lose.
    this.#log.use(this.partitionOf(id))
    return made
  }

  // --- what is written

  /** A request that changes nothing is answered once what was written before it is replicated; with the error otherwise. */
  afterWrites(group: string, answered: (error: string | null) => void): void {
    this.#log.afterWrites(this.partitionOf(group), answered)
  }

  /** Appends offsets as one batch; a group without members appears with its first. */
  commit({ group, offsets, producer = null, tell, answered }: Commit): void {
    const entries = offsets.map(
      ({ topic, partition, committed }, index): OffsetEntry => ({
        kind: 'offset',
        group,
        topic,
        partition,
        committed,
        producer,
        tell: () => tell(index),
      }),
    )
    this.#append(group, entries, answered)
  }

  /**
   * The marker of a transaction arrives at a partition.
   * @param written with the offset of the marker, or null while nobody can take it
   */
  mark(
    partition: number,
    marker: MarkerEntry & { readonly coordinatorEpoch: number },
    written: (offset: bigint | null) => void,
  ): void {
    if (!this.#log.serves(partition)) return written(null)
    const { coordinatorEpoch, ...entry } = marker
    let offset: bigint | null = null
    this.#log.append(partition, (place) => markerBatch<OffsetsEntry>(entry, place, marker), {
      applied: (batch) => {
        offset = batch.baseOffset
        this.#apply(entry, partition)
      },
      answered: (error) => written(error === null ? offset : null),
    })
  }

  /**
   * Removes offsets, pending ones included; of those that are committed it tells when that is replicated.
   * @param answered once: null when they are gone, or the error
   */
  removeOffsets(
    group: string,
    removed: readonly TopicPartition[],
    reason: string,
    answered: (error: string | null) => void = () => {},
  ): void {
    if (removed.length === 0) answered(null)
    else this.#append(group, this.#offsetTombstones(group, removed, reason), answered)
  }

  #offsetTombstones(group: string, removed: readonly TopicPartition[], reason: string): OffsetEntry[] {
    const offsets = this.#groups.get(group)?.offsets
    return removed.map(({ topic, partition }): OffsetEntry => {
      const observe = (): void =>
        this.#cluster.observe({ kind: 'offset-removed', group, topic, partition, reason })
      const tell = offsets?.get(topic, partition) === undefined ? null : observe
      return { kind: 'offset', group, topic, partition, committed: null, producer: null, tell }
    })
  }

  /**
   * Offsets go with the group, and what transactions hold for it. Here the group is gone at once, elsewhere when that is
   * replicated.
   * @param answered once: null when that is so, or the error; where it cannot be written, nothing has happened
   */
  delete(id: string, reason: string, answered: (error: string | null) => void = () => {}): void {
    const kept = this.#groups.get(id)
    if (kept === undefined) return answered(null)
    const refusal = this.#host.refusal(id)
    if (refusal !== null) return answered(refusal)
    const offsets = this.#offsetTombstones(id, this.#offsetsAndPending(id), reason)
    const tombstones = kept.group.tombstones()
    kept.group.unload('NOT_COORDINATOR')
    this.#append(id, [...offsets, ...tombstones], answered)
    this.#groups.delete(id)
    if (this.#groups.size === 0) this.#expiry.rest()
  }

  #offsetsAndPending(id: string): TopicPartition[] {
    const committed = this.#groups.get(id)?.offsets.all() ?? []
    const isCommitted = ({ topic, partition }: TopicPartition): boolean =>
      committed.some((each) => each.topic === topic && each.partition === partition)
    const pending = this.held?.pendingOf(id) ?? []
    return [...committed, ...pending.filter((each) => !isCommitted(each))]
  }

  /** Records of the group. */
  #write(
    id: string,
    entries: readonly GroupEntry[],
    written: (error: string | null) => void = () => {},
  ): void {
    this.#append(id, entries, (error) => {
      written(error)
      const kept = this.#groups.get(id)
      if (kept !== undefined && kept.record !== null) this.#changed(kept)
    })
  }

  #append(group: string, entries: readonly OffsetsEntry[], answered: (error: string | null) => void): void {
    const [first] = entries
    const producer = first?.kind === 'offset' ? first.producer : null
    const partition = this.partitionOf(group)
    this.#log.append(
      partition,
      (place) => stateBatch(entries, place, { encode: encodeOffsetsEntry, producer }),
      {
        applied: () => {
          for (const entry of entries) this.#apply(entry, partition)
        },
        answered,
      },
    )
  }

  /** What an entry of the log means, whether it has just been replicated or is read by the next coordinator. */
  #apply(entry: OffsetsEntry, partition: number): void {
    if (this.#successors !== null) return this.#applyAlone(entry)
    if (entry.kind === 'marker') return this.held?.decide(partition, entry)
    if (entry.kind !== 'offset') return this.#applyToGroup(entry)
    const { group, topic, committed } = entry
    if (committed === null) {
      this.#groups.get(group)?.offsets.delete(topic, entry.partition)
      this.held?.forget(group, topic, entry.partition)
    } else if (entry.producer !== null) {
      this.held?.add(entry)
    } else {
      this.#keptOrNew(group).offsets.set(topic, entry.partition, committed)
    }
    tellOnce(entry)
  }

  #applyToGroup(entry: GroupEntry): void {
    const isTombstone = entry.kind === 'group' ? entry.record === null : entry.value === null
    const kept = isTombstone ? this.#groups.get(entry.group) : this.#keptOrNew(entry.group)
    if (kept === undefined) return
    if (entry.kind === 'group') {
      if (entry.record !== null || kept.record?.type === 'classic') kept.record = entry.record
      return
    }
    const known = kept.record instanceof ConsumerRecords ? kept.record : null
    if (known === null && isTombstone) return
    const records = known ?? new ConsumerRecords()
    records.apply(entry)
    kept.record = entry.kind === 'consumer-metadata' && isTombstone ? null : records
  }

  /** What a deposed coordinator is the only one in sync to have counts here, until it hears. */
  #applyAlone(entry: OffsetsEntry): void {
    if (entry.kind !== 'offset' || entry.producer !== null || entry.committed === null) return
    const { group, topic, partition } = entry
    this.#keptOrNew(group).offsets.set(topic, partition, entry.committed)
    tellOnce(entry)
    this.#alone.push(entry)
  }

  /** What happens at a deposed coordinator counts for nobody else. */
  #observe(observation: Observation): void {
    if (this.#successors === null) this.#cluster.observe(observation)
  }

  // --- what expires

  /** A group may have come to nothing: it is deleted at the next look. */
  mayBeEmpty(): void {
    this.#expiry.due(this.#cluster.clock.nowMs())
  }

  /** Where offsets are kept that count from now on. */
  offsetsOrNew(id: string): GroupOffsets {
    return this.#keptOrNew(id).offsets
  }

  #committed({ committedAtMs, expiresAtMs }: CommittedOffset): void {
    this.#expiry.due(expiresAtMs ?? committedAtMs + this.#retentionMs)
  }

  /** The group has a new record: it may be empty now, or subscribe to less. */
  #changed({ group, offsets }: Kept): void {
    const nowMs = this.#cluster.clock.nowMs()
    if (offsets.empty) {
      if (group.state === 'Empty') this.#expiry.due(nowMs)
      return
    }
    const { expired, nextMs } = expiredOffsets(group, offsets, { nowMs, retentionMs: this.#retentionMs })
    if (expired.length > 0) this.#expiry.due(nowMs)
    else if (nextMs !== null) this.#expiry.due(nextMs)
  }

  /** Removes what has expired, and empty groups that have no offsets left; when to look again, or null. */
  #expire(nowMs: number): number | null {
    let lookMs: number | null = null
    const look = (atMs: number): void => {
      lookMs = Math.min(lookMs ?? atMs, atMs)
    }
    for (const [id, { group, offsets }] of [...this.#groups]) {
      if (!this.#isServed(id)) {
        look(nowMs)
        continue
      }
      const { expired, nextMs } = expiredOffsets(group, offsets, { nowMs, retentionMs: this.#retentionMs })
      const held = expired.filter(({ topic, partition }) => this.held?.isPending(id, topic, partition))
      if (held.length > 0) look(nowMs)
      this.removeOffsets(
        id,
        expired.filter((each) => !held.includes(each)),
        'expired',
      )
      if (nextMs !== null) look(nextMs)
      if (group.state !== 'Empty') continue
      if (!offsets.empty) {
        // Their tombstones are on their way.
        if (expired.length > 0) look(nowMs)
      } else if (this.held?.holdsAny(id)) look(nowMs)
      else {
        this.delete(id, 'expired', (error) => {
          if (error !== null) look(nowMs)
        })
      }
    }
    return lookMs
  }

  /** Coordinators drop a deleted topic's offsets as they hear of it; one that is loading or down never does (L11). */
  forgetTopic(topic: string): void {
    for (const id of this.#groups.keys()) {
      if (!this.#isServed(id)) continue
      const removed = this.#offsetsAndPending(id).filter((each) => each.topic === topic)
      this.removeOffsets(id, removed, 'topic deleted')
    }
  }

  #isServed(id: string): boolean {
    return this.#log.serves(this.partitionOf(id))
  }

  // --- coordinators come and go

  /** Cancels every timer. */
  dispose(): void {
    for (const { group } of this.#groups.values()) group.unload('NOT_COORDINATOR')
    for (const { coordinators } of this.#deposed?.values() ?? []) coordinators.dispose()
    if (this.#successors === null) this.log.dispose()
    else this.#expiry.rest()
  }

  /** What this broker goes on coordinating, or undefined. */
  deposedAt(broker: number): DeposedCoordinator | undefined {
    return this.#deposed?.get(broker)
  }

  /** The groups of the partition stay with this broker as they are, until it hears; its successor reads them from the log. */
  #depose(partition: number, broker: number, leader: DeposedLeader): void {
    this.#deposed ??= new Map()
    const known = this.#deposed.get(broker)
    const deposed = known ?? this.#newDeposed(broker)
    if (known === undefined) this.#deposed.set(broker, deposed)
    deposed.log.add(partition, leader)
    const tenure = this.#tenures.get(partition)
    this.#tenures.delete(partition)
    const groups = [...this.#groups].filter(([id]) => this.partitionOf(id) === partition)
    if (tenure !== undefined) deposed.coordinators.#takeOver(partition, tenure, groups)
  }

  #newDeposed(broker: number): DeposedCoordinator {
    const log = new DeposedLog(this.log, broker)
    const coordinators = new Coordinators(this.#cluster, { log, successors: this })
    coordinators.held = this.held
    return { log, coordinators }
  }

  #takeOver(partition: number, tenure: GroupTenure, groups: readonly (readonly [string, Kept])[]): void {
    tenure.keeper = this.#host
    this.#tenures.set(partition, tenure)
    for (const [id, kept] of groups) this.#groups.set(id, { ...kept })
  }

  /** The broker has heard that it does not coordinate these groups any more. */
  #unload(partition: number, broker: number): void {
    const deposed = this.#deposed?.get(broker)
    if (deposed === undefined || !deposed.log.has(partition)) return
    deposed.log.remove(partition)
    deposed.coordinators.#drop(partition)
  }

  #drop(partition: number): void {
    this.#tenures.delete(partition)
    for (const [id, { group }] of [...this.#groups]) {
      if (this.partitionOf(id) !== partition) continue
      group.unload('NOT_COORDINATOR')
      this.#groups.delete(id)
    }
    for (const { group, topic, partition: index, committed } of this.#alone.splice(0)) {
      const now = this.#successors?.offsets(group)?.get(topic, index)
      if (now === committed) continue
      const fallback = now === undefined ? {} : { fallback: now.offset }
      this.#cluster.observe({
        kind: 'offset-removed',
        group,
        topic,
        partition: index,
        reason: 'lost',
        ...fallback,
      })
    }
    if (this.#groups.size === 0) this.#expiry.rest()
  }

  move(group: string, to?: number): void {
    this.log.move(this.partitionOf(group), to)
  }

  /** The groups of the partition end where they are; who leads it now reads them from its log. */
  #moved(partition: number, leader: number | null, loadMs: number): void {
    const before: OldGroup[] = []
    const deposed = [...(this.#deposed?.values() ?? [])]
    for (const [id, kept] of [...this.#groups]) {
      if (this.partitionOf(id) !== partition) continue
      const goesOn = deposed.some(({ coordinators }) => coordinators.#groups.get(id)?.group === kept.group)
      if (!goesOn) kept.group.unload('NOT_COORDINATOR')
      // While no broker leads the partition, nobody runs the group: its log waits.
      if (leader === null) continue
      before.push(kept)
      this.#groups.delete(id)
    }
    if (leader === null) return
    this.held?.reset(partition)
    for (const entry of this.#log.entries(partition)) this.#apply(entry, partition)
    for (const { group, offsets } of before)
      observeLost({ group, offsets }, this.#groups.get(group.id), this.#cluster)
    for (const [id, kept] of [...this.#groups]) {
      if (this.partitionOf(id) !== partition) continue
      const { record, offsets } = kept
      if (record !== null) kept.group = this.#load(id, record, loadMs)
      else if (offsets.empty && this.held?.holdsAny(id) !== true) this.#groups.delete(id)
    }
    // One that was deposed and leads again has read its log like anybody else.
    this.#unload(partition, leader)
  }

  #load(id: string, record: GroupRecord, loadMs: number): Group {
    return record.type === 'consumer'
      ? ConsumerGroup.load(id, record, loadMs, this.#hostOf(id))
      : ClassicGroup.load(id, record, loadMs, this.#hostOf(id))
  }
}

function tellOnce(entry: OffsetEntry): void {
  const { tell } = entry
  entry.tell = null
  tell?.()
}

function randomHex(random: Stream): string {
  return [0, 1, 2, 3].map(() => random.bits32().toString(16).padStart(8, '0')).join('')
}
