import type { TopicPartition } from '../partition.ts'

/** A member of the group as it presented itself in JoinGroup. */
export interface MemberSubscription {
  readonly memberId: string
  readonly instanceId: string | null
  readonly topics: readonly string[]
  /** Its former partitions; empty under eager rebalancing. */
  readonly owned: readonly TopicPartition[]
  /** Of which generation `owned` is; −1: unknown. */
  readonly generation: number
}

/** Topics with the number of their partitions. */
export type PartitionCounts = ReadonlyMap<string, number>

export type GroupAssignment = ReadonlyMap<string, readonly TopicPartition[]>

/** A strategy of a group's leader to give out the partitions. */
export interface ClientAssignor {
  readonly name: string
  /** Whether members keep what stays theirs while the group rebalances (KIP-429). */
  readonly cooperative: boolean
  assign(members: readonly MemberSubscription[], partitions: PartitionCounts): GroupAssignment
}

/** Static members by their instance id, before all others; the same order in each generation. */
export function inOrder(members: readonly MemberSubscription[]): MemberSubscription[] {
  return [...members].sort((a, b) => {
    if (a.instanceId !== null && b.instanceId !== null) return a.instanceId < b.instanceId ? -1 : 1
    if (a.instanceId !== null) return -1
    if (b.instanceId !== null) return 1
    return a.memberId < b.memberId ? -1 : a.memberId > b.memberId ? 1 : 0
  })
}
