import type { Assignment } from '../assignment.ts'

export interface AssignedMember {
  readonly instanceId: string | null
  /** Ids of the topics that it subscribes to and that exist. */
  readonly topics: ReadonlySet<string>
  /** What it was to have so far. */
  readonly target: Assignment
}

/**
 * What a server-side assignor knows of the group (KIP-848), as `GroupSpec` and
 * `SubscribedTopicDescriber` tell it.
 */
export interface GroupToAssign {
  readonly members: ReadonlyMap<string, AssignedMember>
  /** All members subscribe to the same. */
  readonly homogeneous: boolean
  partitionsOf(topicId: string): number
}

/** Gives each partition of each subscribed topic to one member that subscribes to it. */
export type Assignor = (group: GroupToAssign) => ReadonlyMap<string, Assignment>
