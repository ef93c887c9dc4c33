import type { ClusterHost } from '../cluster-host.interface.ts'
import type { StateLog } from '../state-log/state-topic.ts'
import { ClassicGroup } from './classic-group.ts'
import { ConsumerGroup } from './consumer-group/consumer-group.ts'
import { ConsumerRecords } from './consumer-group/records.ts'
import type { Group } from './group.interface.ts'
import type { GroupEntry, GroupHost, GroupRecord } from './group-host.interface.ts'
import { GroupTenure } from './group-tenure.ts'
import type { HeldOffsets } from './held-offsets.interface.ts'
import { type CommittedOffset, GroupOffsets } from './offsets.ts'
import type { OffsetEntry, OffsetsEntry } from './offsets-entries.ts'
import { observeLost } from './what-was-lost.ts'

/** A group as its coordinator keeps it. One that is deleted is Dead until its tombstones count. */
export interface KeptGroup {
  readonly offsets: GroupOffsets
  group: Group
  /** The group's records in the log; null where there are none. */
  record: GroupRecord | null
}

export interface KeptGroupsOptions {
  readonly cluster: Pick<ClusterHost, 'observe'>
  readonly log: StateLog<OffsetsEntry>
  readonly host: GroupHost
  /** Of a deposed coordinator: what everybody else knows. */
  readonly successors: KeptGroups | null
  /** Told of each commit that counts. */
  readonly committed: (committed: CommittedOffset) => void
}

/** The groups of coordinators: exactly what the entries of their log mean. */
export class KeptGroups {
  /** By group id. */
  readonly all: Map<string, KeptGroup> = new Map()
  /** Set by `TransactionalOffsets`, which keeps them. */
  held: HeldOffsets | null = null
  readonly #cluster: Pick<ClusterHost, 'observe'>
  readonly #log: StateLog<OffsetsEntry>
  readonly #host: GroupHost
  readonly #successors: KeptGroups | null
  readonly #committed: (committed: CommittedOffset) => void
  /** The coordinator of each partition that has groups. */
  readonly #tenures: Map<number, GroupTenure> = new Map()
  /**
   * Commits that the successors do not have, although they were replicated as far as this
   * coordinator knows.
   */
  readonly #alone: OffsetEntry[] = []

  constructor({ cluster, log, host, successors, committed }: KeptGroupsOptions) {
    this.#cluster = cluster
    this.#log = log
    this.#host = host
    this.#successors = successors
    this.#committed = committed
  }

  hostOf(group: string): GroupHost {
    const partition = this.#log.partitionOf(group)
    const known = this.#tenures.get(partition)
    if (known !== undefined) return known
    const made = new GroupTenure(this.#host)
    this.#tenures.set(partition, made)
    return made
  }

  keptOrNew(id: string): KeptGroup {
    const known = this.all.get(id)
    if (known !== undefined) return known
    const offsets = new GroupOffsets(this.#committed)
    const made = { offsets, group: new ClassicGroup(id, this.hostOf(id)), record: null }
    this.all.set(id, made)
    // From now on it has something to lose.
    this.#log.use(this.#log.partitionOf(id))
    return made
  }

  // --- what an entry of the log means

  /** Whether it has just been replicated or is read by the next coordinator. */
  apply(entry: OffsetsEntry, partition: number): void {
    if (this.#successors !== null) return this.#applyAlone(entry)
    if (entry.kind === 'marker') return this.held?.decide(partition, entry)
    if (entry.kind !== 'offset') return this.#applyToGroup(entry)
    const { group, topic, committed } = entry
    if (committed === null) {
      this.all.get(group)?.offsets.delete(topic, entry.partition)
      this.held?.forget(group, topic, entry.partition)
    } else if (entry.producer !== null) {
      this.held?.add(entry)
    } else {
      this.keptOrNew(group).offsets.set(topic, entry.partition, committed)
    }
    tellOnce(entry)
  }

  #applyToGroup(entry: GroupEntry): void {
    const isTombstone = isTombstoneOf(entry)
    const kept = isTombstone ? this.all.get(entry.group) : this.keptOrNew(entry.group)
    if (kept === undefined) return
    this.#applyTo(kept, entry)
    if (isTombstone) this.#forgetDeleted(entry.group, kept)
  }

  #applyTo(kept: KeptGroup, entry: GroupEntry): void {
    const isTombstone = isTombstoneOf(entry)
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

  /**
   * The last tombstone of a group that was deleted counts, and nobody has made a new one of its id
   * since.
   */
  #forgetDeleted(id: string, { group, record, offsets }: KeptGroup): void {
    const isOver = group.state === 'Dead' && record === null && offsets.empty
    if (isOver && this.held?.holdsAny(id) !== true) this.all.delete(id)
  }

  /**
   * A commit that a deposed coordinator, the only one in sync, has counts here until the broker
   * hears.
   */
  #applyAlone(entry: OffsetsEntry): void {
    if (entry.kind !== 'offset' || entry.producer !== null || entry.committed === null) return
    const { group, topic, partition } = entry
    this.keptOrNew(group).offsets.set(topic, partition, entry.committed)
    tellOnce(entry)
    this.#alone.push(entry)
  }

  // --- coordinators come and go

  /**
   * The groups of the partition stay as they are with `deposed`; its successor reads them from the
   * log.
   */
  handTo(deposed: KeptGroups, partition: number): void {
    const tenure = this.#tenures.get(partition)
    this.#tenures.delete(partition)
    if (tenure === undefined) return
    tenure.keeper = deposed.#host
    deposed.#tenures.set(partition, tenure)
    for (const [id, kept] of this.#of(partition)) deposed.all.set(id, { ...kept })
  }

  /**
   * The groups of the partition end where they are, but for those that `goesOn` says go on at a
   * deposed coordinator.
   */
  end(partition: number, goesOn: (id: string, group: Group) => boolean): void {
    for (const [id, { group }] of this.#of(partition)) if (!goesOn(id, group)) group.unload('NOT_COORDINATOR')
  }

  /**
   * The new leader of the partition reads its groups from its log; tells what of them is not in
   * there.
   */
  load(partition: number, loadMs: number): void {
    const before = this.#of(partition)
    for (const [id] of before) this.all.delete(id)
    this.held?.reset(partition)
    for (const entry of this.#log.entries(partition)) this.apply(entry, partition)
    for (const [id, { group, offsets }] of before)
      observeLost({ group, offsets }, this.all.get(id), this.#cluster)
    for (const [id, kept] of this.#of(partition)) {
      const { record, offsets } = kept
      if (record !== null) kept.group = this.#groupOf(id, record, loadMs)
      else if (offsets.empty && this.held?.holdsAny(id) !== true) this.all.delete(id)
    }
  }

  #groupOf(id: string, record: GroupRecord, loadMs: number): Group {
    return record.type === 'consumer'
      ? ConsumerGroup.load(id, record, loadMs, this.hostOf(id))
      : ClassicGroup.load(id, record, loadMs, this.hostOf(id))
  }

  /**
   * A deposed coordinator has heard of its successors: tells which of its commits they know nothing
   * of.
   */
  drop(partition: number): void {
    this.#tenures.delete(partition)
    for (const [id, { group }] of this.#of(partition)) {
      group.unload('NOT_COORDINATOR')
      this.all.delete(id)
    }
    for (const { group, topic, partition: index, committed } of this.#alone.splice(0)) {
      const now = this.#successors?.all.get(group)?.offsets.get(topic, index)
      if (now === committed) continue
      this.#cluster.observe({
        kind: 'offset-removed',
        group,
        topic,
        partition: index,
        reason: 'lost',
        ...(now === undefined ? {} : { fallback: now.offset }),
      })
    }
  }

  #of(partition: number): [string, KeptGroup][] {
    return [...this.all].filter(([id]) => this.#log.partitionOf(id) === partition)
  }
}

function isTombstoneOf(entry: GroupEntry): boolean {
  return entry.kind === 'group' ? entry.record === null : entry.value === null
}

function tellOnce(entry: OffsetEntry): void {
  const { tell } = entry
  entry.tell = null
  tell?.()
}
