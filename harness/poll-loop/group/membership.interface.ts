import type { KafkaException } from '../errors.ts'
import type { Metadata } from '../net/metadata.ts'
import type { BrokerNetwork } from '../net/network.interface.ts'
import type { TopicPartition } from '../partition.ts'
import type { ConsumerSettings } from '../settings/consumer-settings.ts'
import type { SubscriptionState } from '../subscription.ts'
import type { Bell, Deadline } from '../time.ts'
import type { Coordinator } from './coordinator.ts'
import type { Callbacks } from './listener.ts'

/** Which member of which generation speaks. */
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
  /** What the consumer owns has changed; @param lost all of it was, for now */
  owns(partitions: readonly TopicPartition[], lost: boolean): void
}

/** How a consumer is a member of its group: the classic protocol, or that of KIP-848. */
export interface GroupMembership {
  readonly protocol: 'classic' | 'consumer'
  readonly member: ConsumerGroupMetadata
  /**
   * What `poll` does for the group, callbacks included, as far as it can be done at once.
   * @returns whether the member has its assignment
   */
  step(): Promise<boolean>
  /** Who commits now. @throws KafkaException where nobody may */
  committer(): ConsumerGroupMetadata
  /** A commit of this member was refused: what that means for it, and for the caller. */
  commitRefused(code: number, by: ConsumerGroupMetadata): KafkaException
  /** Gives up all partitions, and leaves. @param reason for the broker's log */
  leave(reason: string, deadline: Deadline): Promise<void>
  /** `poll` is asked to begin a rebalance. */
  rejoin(reason: string): void
}
