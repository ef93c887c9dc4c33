import type { TopicPartition } from '../../core/history.ts'
import type { Peer } from '../cluster.interface.ts'
import type { GroupEntry } from './group-host.interface.ts'
import type { JoinAnswer, MemberInput, SyncAnswer } from './member.ts'

export type ClassicState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'
export type ConsumerState = 'Empty' | 'Assigning' | 'Reconciling' | 'Stable' | 'Dead'
export type GroupState = ClassicState | ConsumerState

/** The member that a request says it comes from. */
export interface Identity {
  readonly memberId: string
  readonly groupInstanceId: string | null
}

/** Options that depend on the version of a JoinGroup. */
export interface JoinOptions {
  /** Version 4 on: a dynamic member joins with an id that it was given (KIP-394). */
  readonly requireKnownId: boolean
  /** Version 9 on: a leader may be told that it need not assign (KIP-814). */
  readonly maySkipAssignment?: boolean
}

export interface SyncRequest extends Identity {
  readonly generation: number
  readonly protocolType: string | null
  readonly protocol: string | null
  readonly peer: Peer
  readonly assignments: ReadonlyMap<string, Buffer>
}

export interface CommitCheck {
  readonly memberId: string
  readonly groupInstanceId?: string | null
  /** Or member epoch. */
  readonly generation: number
  /** TxnOffsetCommit: less is asked of it (X8). */
  readonly transactional?: boolean
  /** Of the OffsetCommit; members of the consumer protocol need 9. */
  readonly version?: number
}

export interface Ownership {
  readonly memberId: string
  readonly process: string
  readonly partitions: readonly TopicPartition[]
}

/** A coordinator's group, whichever protocol its members speak. Errors go by Kafka's names. */
export interface Group {
  readonly id: string
  readonly type: 'classic' | 'consumer'
  readonly state: GroupState
  /** The group epoch, where members speak the consumer protocol. */
  readonly generation: number
  readonly protocolType: string | null
  /** Virtual Unix milliseconds since which it has no members. */
  readonly emptySinceMs: number

  join(input: MemberInput, options: JoinOptions, answer: (answer: JoinAnswer) => void): void
  sync(request: SyncRequest, answer: (answer: SyncAnswer) => void): void
  heartbeat(request: Identity & { readonly generation: number }): string
  /** @returns an error for each */
  leave(leavers: readonly Identity[]): readonly string[]
  /** The error that a commit with these ids gets, or NONE. */
  checkCommit(commit: CommitCheck): string
  /** The error that an OffsetFetch with these ids gets (version 9 on), or NONE. */
  checkFetch(memberId: string | null, memberEpoch: number): string

  /** The topics of its consumers' subscriptions, or null where that cannot be known. */
  subscribedTopics(): ReadonlySet<string> | null
  ownerships(): readonly Ownership[]
  /** The process whose current assignment holds this partition, or null. */
  ownerOf(topic: string, partition: number): string | null
  /** The records that take the group out of the log. */
  tombstones(): readonly GroupEntry[]
  /**
   * The coordinator gives the group up: what waits is answered with this error, nothing else will
   * happen here.
   */
  unload(error: string): void
}
