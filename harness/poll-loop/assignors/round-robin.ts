import { entryAt } from '../../core/lists.ts'
import type { TopicPartition } from '../partition.ts'
import { type ClientAssignor, inOrder } from './assignor.interface.ts'

/**
 * Partition by partition, each to the next member that subscribes to its topic. Kafka's
 * `RoundRobinAssignor`.
 */
export const roundRobin: ClientAssignor = {
  name: 'roundrobin',
  cooperative: false,
  assign(members, partitions) {
    const circle = inOrder(members)
    const assignment = new Map<string, TopicPartition[]>(members.map(({ memberId }) => [memberId, []]))
    let turn = 0
    for (const topic of [...partitions.keys()].sort()) {
      if (!circle.some(({ topics }) => topics.includes(topic))) continue
      for (let partition = 0; partition < (partitions.get(topic) ?? 0); partition += 1) {
        while (circle[turn % circle.length]?.topics.includes(topic) !== true) turn += 1
        const { memberId } = entryAt(circle, turn % circle.length)
        assignment.get(memberId)?.push({ topic, partition })
        turn += 1
      }
    }
    return assignment
  },
}
