import type { TopicPartition } from '../core/history.ts'

export type { TopicPartition }

/** Kafka's way to write it: `orders-0`. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}

/** The partitions of each topic, in the order in which they come. */
export function byTopic<At extends TopicPartition>(
  partitions: readonly At[],
): { readonly topic: string; readonly partitions: readonly At[] }[] {
  const topics = Map.groupBy(partitions, ({ topic }) => topic)
  return [...topics].map(([topic, members]) => ({ topic, partitions: members }))
}

/** By topic, then by number. */
export function sorted<At extends TopicPartition>(partitions: Iterable<At>): At[] {
  return [...partitions].sort((a, b) =>
    a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
  )
}

export function without<At extends TopicPartition>(
  partitions: readonly At[],
  gone: readonly TopicPartition[],
): At[] {
  const keys = new Set(gone.map(keyOf))
  return partitions.filter((each) => !keys.has(keyOf(each)))
}
