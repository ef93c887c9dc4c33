import type { Observation } from '../../core/history.ts'
import type { Clock } from '../cluster.interface.ts'
import type { Settings } from '../settings.ts'
import type { ConsumerEntry, ConsumerGroupRecord } from './consumer-group/records.ts'
import type { GroupConfigs } from './group-configs.ts'
import type { MemberInput } from './member.ts'

/** The services of a coordinator that a group uses: time, a log, names, and an observer. */
export interface GroupHost {
  readonly clock: Clock
  readonly settings: Settings
  readonly topics: TopicDirectory
  readonly groupConfigs: GroupConfigs
  newMemberId(clientId: string): string
  /** As Kafka writes them: 22 characters. */
  newUuid(): string
  /** The error that an append is answered with at once, so that nothing is written, or null. */
  refusal(group: string): string | null
  /**
   * Appends to the group's partition of `__consumer_offsets`, as one batch; `written` is called
   * with null when that is replicated, or with the error that members are answered.
   */
  append(group: string, entries: readonly GroupEntry[], written: (error: string | null) => void): void
  /**
   * The group goes on as a classic one (KIP-848, online migration), and rebalances where there is a
   * reason to.
   */
  downgrade(group: string, record: ClassicGroupRecord, reason: string | null): void
  observe(observation: Observation): void
}

/** A group's view of the cluster's topics. */
export interface TopicDirectory {
  list(): readonly KnownTopic[]
  get(name: string): KnownTopic | undefined
  byId(id: string): KnownTopic | undefined
}

export interface KnownTopic {
  readonly name: string
  /** 32 hex digits. */
  readonly id: string
  readonly partitions: { readonly length: number }
}

/** The group's records in `__consumer_offsets`, which survive a coordinator's failure. */
export type GroupRecord = ClassicGroupRecord | ConsumerGroupRecord

/** A group's record in `__consumer_offsets`. */
export type GroupEntry = ClassicEntry | ConsumerEntry

export interface ClassicEntry {
  readonly kind: 'group'
  readonly group: string
  /** Null: a tombstone. */
  readonly record: ClassicGroupRecord | null
}

export interface ClassicGroupRecord {
  readonly type: 'classic'
  readonly generation: number
  readonly leader: string | null
  readonly protocol: string | null
  readonly protocolType: string | null
  /** Virtual Unix milliseconds. */
  readonly emptySinceMs: number
  readonly members: readonly { readonly input: MemberInput; readonly assignment: Buffer }[]
}
