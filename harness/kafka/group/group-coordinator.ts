import { markerBatch, stateBatch } from '../state-log/state-batch.ts'
import type { StateLog } from '../state-log/state-topic.ts'
import { ClassicGroup } from './classic-group.ts'
import { type Commit, entriesOf } from './commit.ts'
import { ConsumerGroup } from './consumer-group/consumer-group.ts'
import type { ConsumerHeartbeat } from './consumer-group/heartbeat.interface.ts'
import { type CoordinatorsHost, newGroupHost } from './coordinator-host.ts'
import type { Group } from './group.interface.ts'
import { GroupExpiry } from './group-expiry.ts'
import type { GroupEntry } from './group-host.interface.ts'
import { GroupProtocols } from './group-protocols.ts'
import { GroupRemoval } from './group-removal.ts'
import type { HeldOffsets } from './held-offsets.interface.ts'
import { KeptGroups } from './kept-groups.ts'
import type { GroupOffsets } from './offsets.ts'
import { encodeOffsetsEntry, type MarkerEntry, type OffsetsEntry } from './offsets-entries.ts'

export interface GroupCoordinatorOptions {
  readonly cluster: CoordinatorsHost
  /** `__consumer_offsets` as this coordinator reads and writes it. */
  readonly log: StateLog<OffsetsEntry>
  /** Of a deposed coordinator: the one that replaces it. */
  readonly successor: GroupCoordinator | null
}

/**
 * A coordinator of groups over a log: the present one, or one that a deposed broker goes on running
 * from memory (KAFKA.md C4). Groups and their commits are exactly what the log holds.
 */
export class GroupCoordinator {
  readonly #log: StateLog<OffsetsEntry>
  readonly #kept: KeptGroups
  readonly #protocols: GroupProtocols
  readonly #removal: GroupRemoval
  readonly #expiry: GroupExpiry

  constructor({ cluster, log, successor }: GroupCoordinatorOptions) {
    this.#log = log
    const host = newGroupHost(cluster, {
      // Events at a deposed coordinator count for nobody else.
      observe: (observation) => {
        if (successor === null) cluster.observe(observation)
      },
      refusal: (group) => this.#log.appendRefusal(this.#partitionOf(group)),
      append: (group, entries, written) => this.#write(group, entries, written),
      downgrade: (id, record, reason) => this.#protocols.downgrade(id, record, reason),
    })
    this.#kept = new KeptGroups({
      cluster,
      host,
      log,
      successors: successor === null ? null : successor.#kept,
      committed: (committed) => this.#expiry.committed(committed),
    })
    if (successor !== null) this.held = successor.#kept.held
    const kept = this.#kept
    const serves = (group: string): boolean => this.#log.serves(this.#partitionOf(group))
    this.#protocols = new GroupProtocols({
      cluster,
      kept,
      refusal: host.refusal,
      write: (group, entries) => this.#write(group, entries),
      create: (group, entries) => this.#append(group, entries, () => {}),
    })
    this.#removal = new GroupRemoval({
      cluster,
      kept,
      serves,
      refusal: host.refusal,
      append: (group, entries, answered) => this.#append(group, entries, answered),
      unreplicated: (group) => this.#log.unreplicated(this.#partitionOf(group)),
      emptied: () => this.#expiry.rest(),
    })
    this.#expiry = new GroupExpiry({ cluster, kept, serves, removal: this.#removal })
  }

  // --- groups looked up

  /** The error that this broker answers for this group, or null where it may serve. */
  refusal(group: string, broker: number): string | null {
    return this.#log.refusal(this.#partitionOf(group), broker)
  }

  ids(): readonly string[] {
    return [...this.#kept.all].filter(([, { group }]) => group.state !== 'Dead').map(([id]) => id)
  }

  group(id: string): Group | undefined {
    const group = this.#kept.all.get(id)?.group
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
   * The group that a JoinGroup goes to: an empty one of the consumer protocol makes way, its
   * offsets stay. A new one is written before it has members.
   */
  groupToJoin(id: string): Group {
    return this.#protocols.toJoin(id, this.group(id))
  }

  /**
   * The group that a member of the consumer protocol joins with this heartbeat: a new one, or a
   * classic one that is converted; or the error, by Kafka's name, which leaves everything
   * unchanged.
   */
  groupToSubscribe(id: string, heartbeat: ConsumerHeartbeat): ConsumerGroup | string {
    return this.#protocols.toSubscribe(id, this.group(id), heartbeat)
  }

  offsets(id: string): GroupOffsets | undefined {
    return this.#kept.all.get(id)?.offsets
  }

  /** Where offsets are kept that count from now on. */
  offsetsOrNew(id: string): GroupOffsets {
    return this.#kept.keptOrNew(id).offsets
  }

  /** The process whose current assignment holds this partition, or null. */
  ownerOf(id: string, topic: string, partition: number): string | null {
    return this.group(id)?.ownerOf(topic, partition) ?? null
  }

  /** Told of the offsets that transactions hold. */
  set held(held: HeldOffsets | null) {
    this.#kept.held = held
  }

  // --- what is written

  /**
   * A request that changes nothing is answered once what was written before it is replicated; with
   * the error otherwise.
   */
  afterWrites(group: string, answered: (error: string | null) => void): void {
    this.#log.afterWrites(this.#partitionOf(group), answered)
  }

  /** Appends offsets as one batch; a group without members appears with its first. */
  commit(commit: Commit): void {
    this.#append(commit.group, entriesOf(commit), commit.answered)
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
        this.#kept.apply(entry, partition)
      },
      answered: (error) => written(error === null ? offset : null),
    })
  }

  /** Records of the group. */
  #write(
    id: string,
    entries: readonly GroupEntry[],
    written: (error: string | null) => void = () => {},
  ): void {
    this.#append(id, entries, (error) => {
      written(error)
      const kept = this.#kept.all.get(id)
      if (kept !== undefined && kept.record !== null) this.#expiry.changed(kept)
    })
  }

  #append(group: string, entries: readonly OffsetsEntry[], answered: (error: string | null) => void): void {
    const [first] = entries
    const producer = first?.kind === 'offset' ? first.producer : null
    const partition = this.#partitionOf(group)
    this.#log.append(
      partition,
      (place) => stateBatch(entries, place, { encode: encodeOffsetsEntry, producer }),
      {
        applied: () => {
          for (const entry of entries) this.#kept.apply(entry, partition)
        },
        answered,
      },
    )
  }

  // --- what is removed

  /**
   * Removes offsets, pending ones included; of those that are committed it tells when that is
   * replicated.
   * @param answered once: null when they are gone, or the error
   */
  removeOffsets(...how: Parameters<GroupRemoval['removeOffsets']>): void {
    this.#removal.removeOffsets(...how)
  }

  /**
   * Only while it has no members. Offsets go with the group, and what transactions hold for it. For
   * requests the group is gone at once, for the next coordinator when that is replicated.
   * @param answered once: NONE when that is so, or the error; where it cannot be written, nothing
   * has happened
   */
  delete(id: string, answered: (error: string) => void): void {
    const group = this.group(id)
    if (group === undefined) return answered('GROUP_ID_NOT_FOUND')
    if (group.state !== 'Empty') return answered('NON_EMPTY_GROUP')
    this.#removal.delete(id, 'group deleted', (error) => answered(error ?? 'NONE'))
  }

  /** A group may have come to nothing: it is deleted at the next look. */
  mayBeEmpty(): void {
    this.#expiry.mayBeEmpty()
  }

  /**
   * Coordinators drop a deleted topic's offsets as they hear of it; one that is loading or down
   * never does (L11).
   */
  forgetTopic(topic: string): void {
    this.#removal.forgetTopic(topic)
  }

  // --- its tenure of a partition

  /** The groups of the partition stay as they are with the deposed coordinator. */
  handTo(deposed: GroupCoordinator, partition: number): void {
    this.#kept.handTo(deposed.#kept, partition)
  }

  /** Ends the groups of the partition, except those that a deposed coordinator goes on with. */
  end(partition: number, deposed: readonly GroupCoordinator[]): void {
    this.#kept.end(partition, (id, group) => deposed.some((each) => each.#kept.all.get(id)?.group === group))
  }

  /** Reads the groups of the partition from its log. */
  load(partition: number, loadMs: number): void {
    this.#kept.load(partition, loadMs)
  }

  /** Drops the groups of a partition that another broker coordinates. */
  drop(partition: number): void {
    this.#kept.drop(partition)
    if (this.#kept.all.size === 0) this.#expiry.rest()
  }

  /** Cancels every timer. */
  dispose(): void {
    for (const { group } of this.#kept.all.values()) group.unload('NOT_COORDINATOR')
    this.#expiry.rest()
  }

  #partitionOf(group: string): number {
    return this.#log.partitionOf(group)
  }
}
