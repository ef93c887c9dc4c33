import type { Observation } from '../../core/history.ts'
import type { Clock } from '../cluster.interface.ts'
import type { Settings } from '../settings.ts'
import type { ConsumerGroupRecord } from './consumer-group/record.ts'
import type { MemberInput } from './member.ts'

/** What a group needs of its coordinator: time, a log, names, and somebody to tell. */
export interface GroupHost {
  readonly clock: Clock
  readonly settings: Settings
  readonly topics: TopicDirectory
  newMemberId(clientId: string): string
  /** As Kafka writes them: 22 characters. */
  newUuid(): string
  /**
   * Appends to the group's partition of `__consumer_offsets`; `written` is called with null when the record is replicated,
   * or with the error that members are answered.
   */
  append(group: string, record: GroupRecord, written: (error: string | null) => void): void
  /** The group goes on as a classic one (KIP-848, online migration), and rebalances where there is a reason to. */
  downgrade(group: string, record: ClassicGroupRecord, reason: string | null): void
  observe(observation: Observation): void
}

/** What a group sees of the cluster's topics. */
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

/** What survives a coordinator's failure: the group's last record in `__consumer_offsets`. */
export type GroupRecord = ClassicGroupRecord | ConsumerGroupRecord

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
