import type { SeenTopics } from '../cluster-parts.interface.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import type { SeenTopic, Topic } from '../topics/topic.interface.ts'
import type { Topics } from '../topics/topics.ts'
import { StalePartition } from './stale-partition.ts'

interface Known {
  /** As it is now. */
  readonly topic: Topic
  readonly seen: SeenTopic & { readonly partitions: readonly StalePartition[] }
}

/**
 * A stale broker's view of topics: the partitions and leaders that it knew when it was cut off
 * (KAFKA.md L5). It still sees deletions.
 */
export class StaleTopics implements SeenTopics {
  readonly #current: Topics
  readonly #known: Map<string, Known>

  constructor(current: Topics, broker: number) {
    this.#current = current
    this.#known = new Map(current.list().map((topic) => [topic.name, { topic, seen: seenBy(broker, topic) }]))
  }

  list(): readonly SeenTopic[] {
    return [...this.#known.keys()].flatMap((name) => this.#knownTopic(name)?.seen ?? [])
  }

  listAll(): readonly SeenTopic[] {
    return [...this.list(), ...this.#current.listAll().filter(({ isInternal }) => isInternal)]
  }

  get(name: string): SeenTopic | undefined {
    const known = this.#knownTopic(name)
    if (known !== undefined) return known.seen
    const current = this.#current.get(name)
    return current?.isInternal === true ? current : undefined
  }

  byId(id: string): SeenTopic | undefined {
    return this.listAll().find((topic) => topic.id === id)
  }

  partition(topic: string, partition: number): SeenTopic['partitions'][number] | undefined {
    return this.get(topic)?.partitions[partition]
  }

  /** The broker's deposed leadership of the partition; undefined where there is none. */
  deposedAt(topic: string, partition: number): DeposedLeader | undefined {
    return this.#knownTopic(topic)?.seen.partitions[partition]?.deposed
  }

  #knownTopic(name: string): Known | undefined {
    const known = this.#known.get(name)
    return known !== undefined && this.#current.get(name) === known.topic ? known : undefined
  }
}

function seenBy(broker: number, topic: Topic): Known['seen'] {
  const { name, isInternal, configs, onConfigs } = topic
  return {
    name,
    // Drawn when somebody asks.
    get id() {
      return topic.id
    },
    isInternal,
    configs,
    onConfigs,
    partitions: topic.partitions.map((partition) => new StalePartition(partition, broker)),
  }
}
