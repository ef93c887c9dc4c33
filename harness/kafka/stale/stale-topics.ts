import type { SeenTopics } from '../cluster-parts.interface.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import type { SeenTopic, Topic } from '../topics/topic.interface.ts'
import type { Topics } from '../topics/topics.ts'
import { StaleInternalTopic } from './stale-internal-topic.ts'
import { registrationOf, StalePartition } from './stale-partition.ts'

interface TopicAtCut {
  /** As it is now. */
  readonly topic: Topic
  readonly seen: SeenTopic & { readonly partitions: readonly StalePartition[] }
}

/**
 * A stale broker's view of topics: the partitions and leaders that it knew when it was cut off
 * (KAFKA.md L5), those of internal topics included. It still sees deletions.
 */
export class StaleTopics implements SeenTopics {
  readonly #current: Topics
  readonly #known: Map<string, TopicAtCut>
  /** Those that were there. */
  readonly #internal: Map<string, StaleInternalTopic>

  constructor(current: Topics, broker: number) {
    this.#current = current
    this.#known = new Map(current.list().map((topic) => [topic.name, { topic, seen: seenBy(broker, topic) }]))
    this.#internal = new Map(
      current
        .internal()
        .filter(({ exists }) => exists)
        .map((topic) => [topic.name, new StaleInternalTopic(topic, broker)]),
    )
  }

  list(): readonly SeenTopic[] {
    return [...this.#known.keys()].flatMap((name) => this.#knownTopic(name)?.seen ?? [])
  }

  listAll(): readonly SeenTopic[] {
    const internal = [...this.#internal.values()].filter(({ isListed }) => isListed)
    return [...this.list(), ...internal.map(({ seen }) => seen)]
  }

  get(name: string): SeenTopic | undefined {
    return this.#knownTopic(name)?.seen ?? this.#internal.get(name)?.seen
  }

  /** Undefined where the topic was not there. */
  internal(name: string): StaleInternalTopic | undefined {
    return this.#internal.get(name)
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

  #knownTopic(name: string): TopicAtCut | undefined {
    const known = this.#known.get(name)
    return known !== undefined && this.#current.get(name) === known.topic ? known : undefined
  }
}

function seenBy(broker: number, topic: Topic): TopicAtCut['seen'] {
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
    partitions: topic.partitions.map(
      (partition) => new StalePartition(partition, { broker, known: registrationOf(partition) }),
    ),
  }
}
