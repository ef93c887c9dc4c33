import { keyOf, sorted, type TopicPartition } from '../partition.ts'
import type {
  ClientAssignor,
  GroupAssignment,
  MemberSubscription,
  PartitionCounts,
} from './assignor.interface.ts'

/**
 * As even as can be, then as little moved as can be. Kafka's `AbstractStickyAssignor` for members
 * that subscribe to the same topics; for others the same rule, member by member, which is as even
 * but may move another partition than Kafka's does.
 */
export const sticky: ClientAssignor = {
  name: 'sticky',
  cooperative: false,
  assign: stickyAssignment,
}

/**
 * The same, in two steps: a partition that moves is taken from its owner first, and given out in
 * the generation after (KIP-429). Kafka's `CooperativeStickyAssignor`.
 */
export const cooperativeSticky: ClientAssignor = {
  name: 'cooperative-sticky',
  cooperative: true,
  assign(members, partitions) {
    const owner = new Map(validOwners(members, partitions).map(([key, memberId]) => [key, memberId]))
    const final = stickyAssignment(members, partitions)
    return new Map(
      [...final].map(([memberId, given]) => [
        memberId,
        given.filter((at) => (owner.get(keyOf(at)) ?? memberId) === memberId),
      ]),
    )
  },
}

/** Owners by their own word; of two, the one of the later generation, and of equals neither. */
function validOwners(
  members: readonly MemberSubscription[],
  partitions: PartitionCounts,
): readonly (readonly [string, string])[] {
  const claims = new Map<string, { memberId: string; generation: number; contested: boolean }>()
  for (const { memberId, generation, owned, topics } of members) {
    for (const at of owned) {
      if (!topics.includes(at.topic) || at.partition >= (partitions.get(at.topic) ?? 0)) continue
      const known = claims.get(keyOf(at))
      if (known === undefined || known.generation < generation)
        claims.set(keyOf(at), { memberId, generation, contested: false })
      else if (known.generation === generation) known.contested = true
    }
  }
  return [...claims].flatMap(([key, { memberId, contested }]) =>
    contested ? [] : [[key, memberId] as const],
  )
}

function stickyAssignment(
  members: readonly MemberSubscription[],
  partitions: PartitionCounts,
): GroupAssignment {
  const owner = new Map(validOwners(members, partitions))
  const subscribers = new Map(members.map((each) => [each.memberId, new Set(each.topics)]))
  const given = new Map<string, TopicPartition[]>(
    members
      .map(({ memberId }) => memberId)
      .sort()
      .map((memberId) => [memberId, []]),
  )
  const free: TopicPartition[] = []
  const all = sorted(
    [...partitions].flatMap(([topic, count]) =>
      Array.from({ length: count }, (_, partition) => ({ topic, partition })),
    ),
  ).filter(({ topic }) => [...subscribers.values()].some((topics) => topics.has(topic)))

  const most = Math.ceil(all.length / members.length)
  const least = Math.floor(all.length / members.length)
  let mayHaveMost = all.length % members.length
  for (const at of all) {
    const keeper = given.get(owner.get(keyOf(at)) ?? '')
    if (keeper === undefined) {
      free.push(at)
      continue
    }
    if (keeper.length < least) keeper.push(at)
    else if (keeper.length < most && mayHaveMost > 0) {
      keeper.push(at)
      mayHaveMost -= 1
    } else free.push(at)
  }
  for (const at of free) {
    const takers = [...given].filter(([memberId]) => subscribers.get(memberId)?.has(at.topic))
    takers.sort(([, a], [, b]) => a.length - b.length)
    takers[0]?.[1].push(at)
  }
  return given
}
