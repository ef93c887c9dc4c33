import type { Assignment } from '../assignment.ts'

export interface AssignedMember {
  readonly instanceId: string | null
  /** Ids of the topics that it subscribes to and that exist. */
  readonly topics: ReadonlySet<string>
  /** The member's target assignment so far. */
  readonly target: Assignment
}

/**
 * A server-side assignor's view of the group (KIP-848): `GroupSpec` and `SubscribedTopicDescriber`.
 */
export interface GroupToAssign {
  readonly members: ReadonlyMap<string, AssignedMember>
  /** All members subscribe to the same. */
  readonly homogeneous: boolean
  partitionsOf(topicId: string): number
}

/** Gives each partition of each subscribed topic to one member that subscribes to it. */
export type Assignor = (group: GroupToAssign) => ReadonlyMap<string, Assignment>
