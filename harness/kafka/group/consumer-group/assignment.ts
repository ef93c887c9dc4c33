/** Partitions by topic id. No topic has an empty set. */
export type Assignment = ReadonlyMap<string, ReadonlySet<number>>

export interface TopicPartitions {
  readonly topicId: string
  readonly partitions: readonly number[]
}

export const NO_PARTITIONS: Assignment = new Map()
const NONE: ReadonlySet<number> = new Set()

export function assignmentOf(pairs: Iterable<readonly [topicId: string, partition: number]>): Assignment {
  const made = new Map<string, Set<number>>()
  for (const [topicId, partition] of pairs) {
    const partitions = made.get(topicId)
    if (partitions === undefined) made.set(topicId, new Set([partition]))
    else partitions.add(partition)
  }
  return made
}

export function fromTopicPartitions(list: readonly TopicPartitions[]): Assignment {
  return assignmentOf(
    list.flatMap(({ topicId, partitions }) =>
      partitions.map((partition): [string, number] => [topicId, partition]),
    ),
  )
}

export function toTopicPartitions(assignment: Assignment): TopicPartitions[] {
  return [...assignment].map(([topicId, partitions]) => ({
    topicId,
    partitions: [...partitions].sort((a, b) => a - b),
  }))
}

export function* pairsOf(assignment: Assignment): Iterable<readonly [topicId: string, partition: number]> {
  for (const [topicId, partitions] of assignment)
    for (const partition of partitions) yield [topicId, partition]
}

export function holds(assignment: Assignment, topicId: string, partition: number): boolean {
  return (assignment.get(topicId) ?? NONE).has(partition)
}

export function sizeOf(assignment: Assignment): number {
  let size = 0
  for (const partitions of assignment.values()) size += partitions.size
  return size
}

export function isSubset(part: Assignment, whole: Assignment): boolean {
  for (const [topicId, partition] of pairsOf(part)) if (!holds(whole, topicId, partition)) return false
  return true
}

export function intersects(one: Assignment, other: Assignment): boolean {
  for (const [topicId, partition] of pairsOf(one)) if (holds(other, topicId, partition)) return true
  return false
}

export function equalAssignments(one: Assignment, other: Assignment): boolean {
  return one === other || (sizeOf(one) === sizeOf(other) && isSubset(one, other))
}

/** One name for one partition. */
export function keyOf(topicId: string, partition: number): string {
  return `${topicId}/${partition}`
}
