import type { TopicPartition } from '../../core/history.ts'
import { partitionName } from '../../core/names.ts'
import type { Coordinators } from './coordinators.ts'
import type { HeldOffsets } from './held-offsets.interface.ts'
import type { CommittedOffset } from './offsets.ts'
import type { MarkerEntry, OffsetEntry } from './offsets-entries.ts'

interface PendingOffset {
  readonly topic: string
  readonly partition: number
  readonly committed: CommittedOffset
  readonly order: number
  /** The committed offset at the time when this one was sent. */
  readonly before: CommittedOffset | undefined
}

/** The state of transactional producers in one partition of `__consumer_offsets`. */
interface OffsetsPartition {
  readonly epochs: Map<bigint, number>
  /** By producer, then group, then `topic/partition`. */
  readonly pending: Map<bigint, Map<string, Map<string, PendingOffset>>>
}

/**
 * Offsets that were sent with a transaction: pending until the marker reaches the group's partition
 * of `__consumer_offsets`, visible after a commit, forgotten after an abort (KAFKA.md X7). All of
 * it follows from what stands in the log.
 */
export class TransactionalOffsets implements HeldOffsets {
  readonly #coordinators: Coordinators
  readonly #partitions: Map<number, OffsetsPartition> = new Map()
  /** How many open transactions hold a pending offset, by group and `topic/partition`. */
  readonly #held: Map<string, Map<string, number>> = new Map()
  readonly #orders: WeakMap<CommittedOffset, number> = new WeakMap()
  #order = 0

  constructor(coordinators: Coordinators) {
    this.#coordinators = coordinators
    coordinators.current.held = this
  }

  /** Whether the producer has an open transaction in the group's partition. */
  isOpen(group: string, producerId: bigint, producerEpoch: number): boolean {
    const partition = this.#partitions.get(this.#coordinators.partitionOf(group))
    return partition?.pending.has(producerId) === true && partition.epochs.get(producerId) === producerEpoch
  }

  /** Whether the partition has seen a younger epoch of this producer. */
  isFenced(group: string, producerId: bigint, producerEpoch: number): boolean {
    const partition = this.#partitions.get(this.#coordinators.partitionOf(group))
    return producerEpoch < (partition?.epochs.get(producerId) ?? -1)
  }

  reset(partition: number): void {
    if (!this.#partitions.delete(partition)) return
    for (const group of [...this.#held.keys()]) {
      if (this.#coordinators.partitionOf(group) === partition) this.#held.delete(group)
    }
  }

  /** An offset with a producer. */
  add({ group, topic, partition, committed, producer }: OffsetEntry): void {
    if (producer === null || committed === null) return
    const at = this.#partition(this.#coordinators.partitionOf(group))
    at.epochs.set(producer.id, producer.epoch)
    const groups = at.pending.get(producer.id) ?? new Map<string, Map<string, PendingOffset>>()
    at.pending.set(producer.id, groups)
    const offsets = groups.get(group) ?? new Map<string, PendingOffset>()
    groups.set(group, offsets)
    const key = partitionName({ topic, partition })
    if (!offsets.has(key)) this.#hold(group, key, 1)
    const before = this.#coordinators.current.offsetsOrNew(group).get(topic, partition)
    this.#order += 1
    offsets.set(key, { topic, partition, committed, order: this.#order, before })
  }

  /** Whether a transaction that is not decided has an offset for this partition (O9). */
  isPending(group: string, topic: string, partition: number): boolean {
    return this.#held.get(group)?.has(partitionName({ topic, partition })) === true
  }

  holdsAny(group: string): boolean {
    return (this.#held.get(group)?.size ?? 0) > 0
  }

  /** The partitions with pending offsets of this group, as `topic` and `partition`. */
  pendingOf(group: string): readonly TopicPartition[] {
    if (!this.holdsAny(group)) return []
    const at = this.#partition(this.#coordinators.partitionOf(group))
    return [...at.pending.values()].flatMap((groups) =>
      [...(groups.get(group)?.values() ?? [])].map(({ topic, partition }) => ({ topic, partition })),
    )
  }

  /** A tombstone counts for what is pending, too. */
  forget(group: string, topic: string, partition: number): void {
    if (!this.isPending(group, topic, partition)) return
    const key = partitionName({ topic, partition })
    const at = this.#partition(this.#coordinators.partitionOf(group))
    for (const groups of at.pending.values()) {
      if (groups.get(group)?.delete(key) === true) this.#hold(group, key, -1)
    }
  }

  /** The groups whose offsets this producer's marker would decide. */
  groupsOf(partition: number, producerId: bigint): readonly string[] {
    return [...(this.#partitions.get(partition)?.pending.get(producerId)?.keys() ?? [])]
  }

  /** The marker has reached a partition of `__consumer_offsets`. */
  decide(partition: number, { producerId, producerEpoch, outcome }: MarkerEntry): void {
    const at = this.#partition(partition)
    at.epochs.set(producerId, producerEpoch)
    const groups = at.pending.get(producerId)
    if (groups === undefined) return
    at.pending.delete(producerId)
    if (outcome === 'abort') this.#coordinators.current.mayBeEmpty()
    for (const [group, offsets] of groups) {
      for (const [key, pending] of offsets) {
        this.#hold(group, key, -1)
        if (outcome === 'commit') this.#apply(group, pending)
      }
    }
  }

  /** The later record counts, be it pending or not: a commit that came after this one stays. */
  #apply(group: string, { topic, partition, committed, order, before }: PendingOffset): void {
    const offsets = this.#coordinators.current.offsetsOrNew(group)
    const current = offsets.get(topic, partition)
    const currentOrder = current === undefined || current === before ? 0 : this.#orders.get(current)
    if (currentOrder === undefined || currentOrder > order) return
    this.#orders.set(committed, order)
    offsets.set(topic, partition, committed)
  }

  #partition(index: number): OffsetsPartition {
    const known = this.#partitions.get(index)
    if (known !== undefined) return known
    const made: OffsetsPartition = { epochs: new Map(), pending: new Map() }
    this.#partitions.set(index, made)
    return made
  }

  #hold(group: string, key: string, change: number): void {
    const held = this.#held.get(group) ?? new Map<string, number>()
    this.#held.set(group, held)
    const count = (held.get(key) ?? 0) + change
    if (count > 0) held.set(key, count)
    else held.delete(key)
  }
}
