import type { KafkaException } from '../errors.ts'
import type { Metadata } from '../net/metadata.ts'
import type { BrokerNetwork } from '../net/network.interface.ts'
import type { TopicPartition } from '../partition.ts'
import type { ConsumerSettings } from '../settings/consumer-settings.ts'
import type { SubscriptionState } from '../subscription.ts'
import type { Bell, Deadline } from '../time.ts'
import type { Coordinator } from './coordinator.ts'
import type { Callbacks } from './listener.ts'

/** A member of a group, with its generation. */
export interface ConsumerGroupMetadata {
  readonly groupId: string
  /** −1: none; in a group of KIP-848 the member's epoch. */
  readonly generationId: number
  /** Empty: none yet. */
  readonly memberId: string
  readonly groupInstanceId: string | null
}

export interface GroupParts {
  readonly groupId: string
  readonly settings: ConsumerSettings
  readonly network: BrokerNetwork
  readonly metadata: Metadata
  readonly subscription: SubscriptionState
  readonly coordinator: Coordinator
  readonly callbacks: Callbacks
  /** Rung when something has come in that `poll` has to see to. */
  readonly bell: Bell
  /** Commits what was read where auto commit is on; never rejects. */
  commitBeforeRebalance(deadline: Deadline): Promise<void>
  /** A classic group has given out partitions. */
  joined(): void
  /** Told of each change of the owned partitions; @param lost none is left, for now */
  owns(partitions: readonly TopicPartition[], lost: boolean): void
}

/** A consumer's membership in its group: the classic protocol, or that of KIP-848. */
export interface GroupMembership {
  readonly protocol: 'classic' | 'consumer'
  readonly member: ConsumerGroupMetadata
  /** The member as users are told of it. */
  readonly metadata: ConsumerGroupMetadata
  /**
   * Does `poll`'s part for the group, callbacks included, as far as possible without waiting.
   * @returns whether the member has its assignment
   */
  step(): Promise<boolean>
  /** The member that may commit now. @throws KafkaException where none may */
  committer(): ConsumerGroupMetadata
  /** A commit of this member was refused: what that means for it, and for the caller. */
  commitRefused(code: number, by: ConsumerGroupMetadata): KafkaException
  /** Gives up all partitions, and leaves. @param reason for the broker's log */
  leave(reason: string, deadline: Deadline): Promise<void>
  /** `poll` is asked to begin a rebalance. */
  rejoin(reason: string): void
}
