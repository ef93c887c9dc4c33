import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import { LazyTask } from '../lazy-task.ts'
import { ClassicGroup } from './classic-group.ts'
import { ConsumerGroup } from './consumer-group/consumer-group.ts'
import { toConsumerRecord } from './consumer-group/conversion.ts'
import type { ConsumerHeartbeat } from './consumer-group/heartbeat.interface.ts'
import type { Group } from './group.interface.ts'
import type { ClassicGroupRecord, GroupHost, GroupRecord, TopicDirectory } from './group-host.interface.ts'
import { hashPartition } from './java-hash.ts'
import { expiredOffsets } from './offset-expiry.ts'
import { type CommittedOffset, GroupOffsets } from './offsets.ts'

const MINUTE_MS = 60_000

/** Offsets that transactions which are not decided hold for groups. */
export interface HeldOffsets {
  isPending(group: string, topic: string, partition: number): boolean
  holdsAny(group: string): boolean
  forgetGroup(group: string): void
  forgetTopic(group: string, topic: string): void
}

interface Kept {
  readonly offsets: GroupOffsets
  group: Group
  /** The group's last record; it outlives the coordinator. */
  record: GroupRecord | null
}

/**
 * Which broker coordinates which group: the leader of the group's partition of `__consumer_offsets`. A coordinator
 * that takes over loads that partition first, and what was not in it is lost (KAFKA.md C1 to C3).
 */
export class Coordinators {
  readonly #cluster: ClusterHost & { readonly topics: TopicDirectory }
  readonly #groups: Map<string, Kept> = new Map()
  /** Partitions of `__consumer_offsets` that are not led by the broker that leads them by default. */
  readonly #leaders: Map<number, number | null> = new Map()
  /** Partitions that are being loaded, until this virtual Unix time in milliseconds. */
  readonly #loadingUntilMs: Map<number, number> = new Map()
  readonly #host: GroupHost
  readonly #expiry: LazyTask
  /** Set by whoever keeps them. */
  held: HeldOffsets | null = null
  readonly #retentionMs: number

  constructor(cluster: ClusterHost & { readonly topics: TopicDirectory }) {
    this.#cluster = cluster
    const random = cluster.chance.stream('member-ids')
    const intervalMs = cluster.settings['offsets.retention.check.interval.ms']
    this.#retentionMs = cluster.settings['offsets.retention.minutes'] * MINUTE_MS
    this.#expiry = new LazyTask({
      clock: cluster.clock,
      firstMs: cluster.clock.nowMs() + intervalMs,
      intervalMs,
      run: (nowMs) => this.#expire(nowMs),
    })
    this.#host = {
      clock: cluster.clock,
      settings: cluster.settings,
      topics: cluster.topics,
      observe: (observation) => cluster.observe(observation),
      append: (group, record, durable) => {
        const kept = this.#keptOrNew(group)
        kept.record = record
        durable()
        this.#changed(kept)
      },
      downgrade: (id, record, reason) => this.#downgrade(id, record, reason),
      newUuid: () => Buffer.from(randomHex(random), 'hex').toString('base64url'),
      newMemberId: (clientId) => {
        const hex = randomHex(random)
        return `${clientId}-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
      },
    }
  }

  partitionOf(group: string): number {
    return hashPartition(group, this.#cluster.settings['offsets.topic.num.partitions'])
  }

  /** Broker id, or null while no broker is left. */
  brokerOf(group: string): number | null {
    return this.#leaderOf(this.partitionOf(group))
  }

  #leaderOf(partition: number): number | null {
    const moved = this.#leaders.get(partition)
    if (moved !== undefined) return moved
    const { brokers } = this.#cluster
    return brokers[partition % brokers.length]?.id ?? null
  }

  /** The error that this broker answers for this group, or null where it may serve. */
  refusal(group: string, broker: number): string | null {
    if (this.brokerOf(group) !== broker) return 'NOT_COORDINATOR'
    const loadingUntilMs = this.#loadingUntilMs.get(this.partitionOf(group))
    if (loadingUntilMs === undefined || loadingUntilMs <= this.#cluster.clock.nowMs()) return null
    return 'COORDINATOR_LOAD_IN_PROGRESS'
  }

  /** Whether some broker leads this partition of `__consumer_offsets` and has read it. */
  serves(partition: number): boolean {
    const loadingUntilMs = this.#loadingUntilMs.get(partition) ?? 0
    return this.#leaderOf(partition) !== null && loadingUntilMs <= this.#cluster.clock.nowMs()
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

  /** The group that a JoinGroup goes to: an empty one of the consumer protocol makes way, its offsets stay. */
  groupToJoin(id: string): Group {
    const kept = this.#keptOrNew(id)
    if (kept.group.type === 'consumer' && kept.group.state === 'Empty') {
      kept.group.unload('NOT_COORDINATOR')
      kept.group = new ClassicGroup(id, this.#host)
      kept.record = null
    }
    return kept.group
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
      record === null ? new ConsumerGroup(id, this.#host) : ConsumerGroup.load(id, record, 0, this.#host)
    const refusal = made.refusalOf(heartbeat)
    if (refusal !== null) {
      made.unload(refusal)
      return refusal
    }
    group?.unload('REBALANCE_IN_PROGRESS')
    const kept = this.#keptOrNew(id)
    kept.group = made
    kept.record = record
    return made
  }

  #downgrade(id: string, record: ClassicGroupRecord, reason: string | null): void {
    const kept = this.#keptOrNew(id)
    kept.group.unload('NOT_COORDINATOR')
    const group = ClassicGroup.load(id, record, 0, this.#host)
    kept.group = group
    kept.record = record
    if (reason !== null) group.rebalance(reason)
  }

  offsets(id: string): GroupOffsets | undefined {
    return this.#groups.get(id)?.offsets
  }

  offsetsOrNew(id: string): GroupOffsets {
    return this.#keptOrNew(id).offsets
  }

  /** The process whose current assignment holds this partition, or null. */
  ownerOf(id: string, topic: string, partition: number): string | null {
    return this.group(id)?.ownerOf(topic, partition) ?? null
  }

  delete(id: string): void {
    this.held?.forgetGroup(id)
    this.#groups.get(id)?.group.unload('NOT_COORDINATOR')
    this.#groups.delete(id)
    if (this.#groups.size === 0) this.#expiry.rest()
  }

  /** Whether this broker is reading a partition of `__consumer_offsets` that it leads now. */
  isLoading(broker: number): boolean {
    const nowMs = this.#cluster.clock.nowMs()
    for (const [partition, untilMs] of this.#loadingUntilMs) {
      if (untilMs > nowMs && this.#leaderOf(partition) === broker) return true
    }
    return false
  }

  #keptOrNew(id: string): Kept {
    const known = this.#groups.get(id)
    if (known !== undefined) return known
    const offsets = new GroupOffsets((committed) => this.#committed(committed))
    const made = { offsets, group: new ClassicGroup(id, this.#host), record: null }
    this.#groups.set(id, made)
    return made
  }

  /** A group may have come to nothing: it is deleted at the next look. */
  mayBeEmpty(): void {
    this.#expiry.due(this.#cluster.clock.nowMs())
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
      const leader = this.brokerOf(id)
      if (leader === null || this.refusal(id, leader) !== null) {
        look(nowMs)
        continue
      }
      const { expired, nextMs } = expiredOffsets(group, offsets, { nowMs, retentionMs: this.#retentionMs })
      for (const { topic, partition } of expired) {
        if (this.held?.isPending(id, topic, partition)) {
          look(nowMs)
          continue
        }
        offsets.delete(topic, partition)
        this.#cluster.observe({ kind: 'offset-removed', group: id, topic, partition, reason: 'expired' })
      }
      if (nextMs !== null) look(nextMs)
      if (group.state !== 'Empty' || !offsets.empty) continue
      if (this.held?.holdsAny(id)) look(nowMs)
      else this.delete(id)
    }
    return lookMs
  }

  /** Coordinators drop a deleted topic's offsets as they hear of it; one that is loading or down never does (L11). */
  forgetTopic(topic: string): void {
    for (const [id, { offsets }] of this.#groups) {
      const leader = this.brokerOf(id)
      if (leader === null || this.refusal(id, leader) !== null) continue
      this.held?.forgetTopic(id, topic)
      for (const each of offsets.all()) {
        if (each.topic !== topic) continue
        offsets.delete(topic, each.partition)
        this.#cluster.observe({
          kind: 'offset-removed',
          group: id,
          topic,
          partition: each.partition,
          reason: 'topic deleted',
        })
      }
    }
  }

  /** Cancels every timer. */
  dispose(): void {
    for (const { group } of this.#groups.values()) group.unload('NOT_COORDINATOR')
  }

  move(group: string, to?: number): void {
    const next =
      to !== undefined && this.#cluster.isUp(to) ? to : this.#cluster.nextLive(this.brokerOf(group) ?? -1)
    this.#movePartition(this.partitionOf(group), next)
  }

  brokerStopped(id: number): void {
    for (const partition of this.#partitionsInUse()) {
      if (this.#leaderOf(partition) === id) this.#movePartition(partition, this.#cluster.nextLive(id))
    }
    // Partitions without groups follow silently.
    const count = this.#cluster.settings['offsets.topic.num.partitions']
    for (let partition = 0; partition < count; partition += 1) {
      if (this.#leaderOf(partition) === id) this.#leaders.set(partition, this.#cluster.nextLive(id))
    }
  }

  brokerStarted(id: number): void {
    for (const [partition, leader] of [...this.#leaders]) {
      if (leader === null) this.#movePartition(partition, id)
    }
  }

  #partitionsInUse(): ReadonlySet<number> {
    return new Set([...this.#groups.keys()].map((id) => this.partitionOf(id)))
  }

  #movePartition(partition: number, to: number | null): void {
    if (to === this.#leaderOf(partition) && this.#cluster.brokers.length > 1) return
    this.#leaders.set(partition, to)
    const loadMs = this.#cluster.settings['onceover.coordinator.load.ms']
    this.#loadingUntilMs.set(partition, this.#cluster.clock.nowMs() + loadMs)
    for (const [id, kept] of this.#groups) {
      if (this.partitionOf(id) !== partition) continue
      kept.group.unload('NOT_COORDINATOR')
      // While no broker leads the partition, nobody runs the group: its record waits.
      if (to === null) continue
      this.#observeLost(kept)
      kept.group = this.#load(id, kept.record, loadMs)
    }
  }

  #load(id: string, record: GroupRecord | null, loadMs: number): Group {
    return record?.type === 'consumer'
      ? ConsumerGroup.load(id, record, loadMs, this.#host)
      : ClassicGroup.load(id, record, loadMs, this.#host)
  }

  /** Members that had joined since the group's last record are unknown to the coordinator that reads it (C3). */
  #observeLost({ group, record }: Kept): void {
    // A consumer group writes every change at once.
    if (!(group instanceof ClassicGroup) || record?.type === 'consumer') return
    const { id, members } = group
    const recorded = new Set(record?.members.map(({ input }) => input.memberId))
    for (const { memberId, peer } of members.values()) {
      if (recorded.has(memberId)) continue
      const { process, incarnation } = peer
      this.#cluster.observe({
        kind: 'member-removed',
        group: id,
        memberId,
        reason: 'lost',
        process,
        incarnation,
      })
    }
  }
}

function randomHex(random: Stream): string {
  return [0, 1, 2, 3].map(() => random.bits32().toString(16).padStart(8, '0')).join('')
}
