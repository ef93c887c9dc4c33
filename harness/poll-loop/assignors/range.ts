import type { TopicPartition } from '../partition.ts'
import { type ClientAssignor, inOrder } from './assignor.interface.ts'

/**
 * Topic by topic, consecutive partitions to consecutive members, the first members one more where
 * they do not divide. Kafka's `RangeAssignor`, without racks.
 */
export const range: ClientAssignor = {
  name: 'range',
  cooperative: false,
  assign(members, partitions) {
    const assignment = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]))
    for (const topic of [...partitions.keys()].sort()) {
      const count = partitions.get(topic) ?? 0
      const takers = inOrder(members.filter(({ topics }) => topics.includes(topic)))
      let next = 0
      for (const [index, { memberId }] of takers.entries()) {
        const share = Math.floor(count / takers.length) + (index < count % takers.length ? 1 : 0)
        for (let each = 0; each < share; each += 1)
          assignment.get(memberId)?.push({ topic, partition: next + each })
        next += share
      }
    }
    return assignment
  },
}
