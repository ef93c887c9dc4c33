import type { Assignment } from '../assignment.ts'
import type { AssignedMember, GroupToAssign } from './assignor.interface.ts'

/**
 * Consecutive partitions of each topic for each member, the same ones of topics of equal size
 * (RangeAssignor of Kafka's group coordinator). Static members come first, by instance id, so that
 * they keep theirs when their ids change.
 */
export function assignRanges({ members, partitionsOf }: GroupToAssign): ReadonlyMap<string, Assignment> {
  const sorted = [...members].sort(byInstance)
  const subscribers = new Map<string, number>()
  for (const [, { topics }] of sorted)
    for (const topicId of topics) subscribers.set(topicId, (subscribers.get(topicId) ?? 0) + 1)
  const given = new Map<string, { next: number; extra: number }>()
  const assigned = new Map<string, Assignment>()
  for (const [memberId, { topics }] of sorted) {
    const own = new Map<string, Set<number>>()
    for (const topicId of topics) {
      const count = partitionsOf(topicId)
      const shares = subscribers.get(topicId) ?? 1
      const at = given.get(topicId) ?? { next: 0, extra: count % shares }
      const quota = Math.floor(count / shares) + (at.extra > 0 ? 1 : 0)
      const end = Math.min(at.next + quota, count)
      given.set(topicId, { next: end, extra: at.extra - 1 })
      if (at.next < end)
        own.set(topicId, new Set(Array.from({ length: end - at.next }, (_, index) => at.next + index)))
    }
    assigned.set(memberId, own)
  }
  return assigned
}

function byInstance(
  [idA, { instanceId: a }]: [string, AssignedMember],
  [idB, { instanceId: b }]: [string, AssignedMember],
): number {
  if (a !== null && b !== null) return compare(a, b)
  if (a !== null) return -1
  return b !== null ? 1 : compare(idA, idB)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
