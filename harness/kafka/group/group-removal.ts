import type { TopicPartition } from '../../core/history.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import type { KeptGroups } from './kept-groups.ts'
import type { OffsetEntry, OffsetsEntry } from './offsets-entries.ts'

export interface GroupRemovalOptions {
  readonly cluster: Pick<ClusterHost, 'observe'>
  readonly kept: KeptGroups
  /** Whether this group's coordinator can be written to. */
  readonly serves: (group: string) => boolean
  /** The error that an append is answered with at once, or null. */
  readonly refusal: (group: string) => string | null
  readonly append: (
    group: string,
    entries: readonly OffsetsEntry[],
    answered: (error: string | null) => void,
  ) => void
  /** Entries of the group's partition that are written and not yet replicated. */
  readonly unreplicated: (group: string) => readonly OffsetsEntry[]
  /** No group is left. */
  readonly emptied: () => void
}

/** Offsets and groups that are removed: their tombstones, and when they are gone. */
export class GroupRemoval {
  readonly #options: GroupRemovalOptions

  constructor(options: GroupRemovalOptions) {
    this.#options = options
  }

  /** As `Coordinators.removeOffsets`. */
  removeOffsets(
    group: string,
    removed: readonly TopicPartition[],
    reason: string,
    answered: (error: string | null) => void = () => {},
  ): void {
    if (removed.length === 0) answered(null)
    else this.#options.append(group, this.#tombstones(group, removed, reason), answered)
  }

  #tombstones(group: string, removed: readonly TopicPartition[], reason: string): OffsetEntry[] {
    const { cluster, kept } = this.#options
    const offsets = kept.all.get(group)?.offsets
    return removed.map(({ topic, partition }): OffsetEntry => {
      const observe = (): void => cluster.observe({ kind: 'offset-removed', group, topic, partition, reason })
      const tell = offsets?.get(topic, partition) === undefined ? null : observe
      return { kind: 'offset', group, topic, partition, committed: null, producer: null, tell }
    })
  }

  /** As `Coordinators.delete`. */
  delete(id: string, reason: string, answered: (error: string | null) => void = () => {}): void {
    const { kept: groups, refusal: refusalOf, append, emptied } = this.#options
    const kept = groups.all.get(id)
    if (kept === undefined) return answered(null)
    const refusal = refusalOf(id)
    if (refusal !== null) return answered(refusal)
    const offsets = this.#tombstones(id, this.#allOffsetsOf(id), reason)
    const tombstones = kept.group.tombstones()
    // Entries that are still being replicated must find the group, or they would bring it back: it
    // is gone with its tombstones.
    kept.group.unload('NOT_COORDINATOR')
    append(id, [...offsets, ...tombstones], (error) => {
      answered(error)
      if (groups.all.size === 0) emptied()
    })
  }

  /** As `Coordinators.forgetTopic`. */
  forgetTopic(topic: string): void {
    const { kept, serves } = this.#options
    for (const [id, { group }] of kept.all) {
      if (!serves(id) || group.state === 'Dead') continue
      const removed = this.#offsetsAndPending(id).filter((each) => each.topic === topic)
      this.removeOffsets(id, removed, 'topic deleted')
    }
  }

  /**
   * All offsets of the group, including commits that are being replicated, which come before the
   * tombstones.
   */
  #allOffsetsOf(id: string): TopicPartition[] {
    const known = this.#offsetsAndPending(id)
    const written = this.#options
      .unreplicated(id)
      .flatMap((entry) => (entry.kind === 'offset' && entry.group === id ? [entry] : []))
    const all = [...known, ...written]
    const isFirst = ({ topic, partition }: TopicPartition, index: number): boolean =>
      all.findIndex((each) => each.topic === topic && each.partition === partition) === index
    return all.filter(isFirst)
  }

  /** The partitions that the group has offsets of, and those that transactions hold one of. */
  #offsetsAndPending(id: string): TopicPartition[] {
    const { kept } = this.#options
    const committed = kept.all.get(id)?.offsets.all() ?? []
    const isCommitted = ({ topic, partition }: TopicPartition): boolean =>
      committed.some((each) => each.topic === topic && each.partition === partition)
    const pending = kept.held?.pendingOf(id) ?? []
    return [...committed, ...pending.filter((each) => !isCommitted(each))]
  }
}
