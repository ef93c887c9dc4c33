import type { Assignment } from './assignment.ts'
import type { ConsumerMember } from './consumer-member.ts'

/** A ConsumerGroupHeartbeat; null means unchanged. */
export interface ConsumerHeartbeat extends Pick<ConsumerMember, 'clientId' | 'clientHost' | 'peer'> {
  readonly memberId: string
  /** 0 joins, −1 leaves, −2 leaves for a while (static members). */
  readonly memberEpoch: number
  readonly instanceId: string | null
  readonly rackId: string | null
  /** −1: unchanged. */
  readonly rebalanceTimeoutMs: number
  readonly topicNames: readonly string[] | null
  readonly topicRegex: string | null
  readonly assignor: string | null
  readonly owned: Assignment | null
}

export type ConsumerHeartbeatAnswer =
  | { readonly error: string }
  | {
      readonly error: 'NONE'
      readonly memberId: string
      readonly memberEpoch: number
      /** Null where the member has heard of it. */
      readonly assignment: Assignment | null
    }
