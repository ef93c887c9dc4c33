import type { Observation, RecordPosition, TopicPartition } from '../core/history.ts'
import { nameInCluster } from '../core/names.ts'

/** A topic, group or transactional id of this cluster, as the history names it; `''` is none. */
export function named(cluster: string, name: string): string {
  return name === '' ? '' : nameInCluster({ cluster, name })
}

export function topicNamed<At extends TopicPartition | RecordPosition>(cluster: string, at: At): At {
  return { ...at, topic: named(cluster, at.topic) }
}

/** An observation of a cluster, or of a client of it, by the names that the history has. */
export function observationNamed<Seen extends Observation>(cluster: string, seen: Seen): Seen {
  const name = (text: string): string => named(cluster, text)
  return {
    ...seen,
    ...('topic' in seen ? { topic: name(seen.topic) } : {}),
    ...('topics' in seen ? { topics: seen.topics.map(name) } : {}),
    ...('group' in seen ? { group: name(seen.group) } : {}),
    ...('groups' in seen && seen.groups !== undefined ? { groups: seen.groups.map(name) } : {}),
    ...('transactionalId' in seen ? { transactionalId: name(seen.transactionalId) } : {}),
    ...('partitions' in seen && typeof seen.partitions !== 'number'
      ? { partitions: seen.partitions.map((at) => topicNamed(cluster, at)) }
      : {}),
  }
}
