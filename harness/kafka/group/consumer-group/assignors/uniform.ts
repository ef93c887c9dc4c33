import { type Assignment, holds, keyOf, pairsOf, sizeOf } from '../assignment.ts'
import type { GroupToAssign } from './assignor.interface.ts'
import { assignUnevenSubscriptions } from './uniform-heterogeneous.ts'

/**
 * As many partitions for each member as for the others, and as few moves as that allows
 * (UniformAssignor of Kafka's group coordinator, with what 4.1 does about members that already have
 * a partition more).
 */
export function assignUniformly(group: GroupToAssign): ReadonlyMap<string, Assignment> {
  return group.homogeneous ? assignEqualSubscriptions(group) : assignUnevenSubscriptions(group)
}

type AssignedPair = readonly [topicId: string, partition: number]

function assignEqualSubscriptions({ members, partitionsOf }: GroupToAssign): ReadonlyMap<string, Assignment> {
  const topics = members.values().next().value?.topics ?? new Set<string>()
  const assigned = new Map<string, Map<string, Set<number>>>()
  if (topics.size === 0) return assigned
  const { unassigned, total } = freePartitions({ members, partitionsOf }, topics)
  const quotaMin = Math.floor(total / members.size)
  /** Members that get one more. */
  let extra = total % members.size
  const unfilled: { readonly own: Map<string, Set<number>>; readonly room: number }[] = []
  let left = members.size
  for (const [memberId, { target }] of members) {
    let hasExtra = extra > 0
    const quota = quotaMin + (hasExtra ? 1 : 0)
    const { own, dropped } = keep(target, topics, quota)
    unassigned.push(...dropped)
    let room = quota - sizeOf(own)
    if (room > 0 && hasExtra && left > extra) {
      room -= 1
      hasExtra = false
    }
    if (room > 0) unfilled.push({ own, room })
    if (hasExtra) extra -= 1
    left -= 1
    assigned.set(memberId, own)
  }
  let next = 0
  for (const { own, room } of unfilled) {
    for (const [topicId, partition] of unassigned.slice(next, next + room)) give(own, topicId, partition)
    next += room
  }
  return assigned
}

function freePartitions(
  { members, partitionsOf }: Pick<GroupToAssign, 'members' | 'partitionsOf'>,
  topics: ReadonlySet<string>,
): { unassigned: AssignedPair[]; total: number } {
  const taken = new Set<string>()
  for (const { target } of members.values())
    for (const [topicId, partition] of pairsOf(target)) taken.add(keyOf(topicId, partition))
  const unassigned: AssignedPair[] = []
  let total = 0
  for (const topicId of topics) {
    const count = partitionsOf(topicId)
    total += count
    for (let partition = 0; partition < count; partition += 1)
      if (!taken.has(keyOf(topicId, partition))) unassigned.push([topicId, partition])
  }
  return { unassigned, total }
}

/** The first `quota` of these partitions, and the others of topics that are subscribed to. */
function keep(
  target: Assignment,
  topics: ReadonlySet<string>,
  quota: number,
): { own: Map<string, Set<number>>; dropped: AssignedPair[] } {
  const own = new Map<string, Set<number>>()
  const dropped: AssignedPair[] = []
  let kept = 0
  for (const [topicId, partition] of [...pairsOf(target)].sort(([, a], [, b]) => a - b)) {
    if (!topics.has(topicId) || holds(own, topicId, partition)) continue
    if (kept < quota) {
      give(own, topicId, partition)
      kept += 1
    } else dropped.push([topicId, partition])
  }
  return { own, dropped }
}

function give(own: Map<string, Set<number>>, topicId: string, partition: number): void {
  const partitions = own.get(topicId)
  if (partitions === undefined) own.set(topicId, new Set([partition]))
  else partitions.add(partition)
}
