import type { InternalTopic } from '../topics/internal-topic.ts'
import type { PartitionRegistration, SeenTopic } from '../topics/topic.interface.ts'
import { leaderSeenBy, registrationOf, StalePartition } from './stale-partition.ts'

/**
 * A stale broker's view of an internal topic: the leaders of its partitions at the cut
 * (KAFKA.md C4), unused partitions included. Those are made when they are first looked at.
 */
export class StaleInternalTopic {
  readonly #topic: InternalTopic
  readonly #broker: number
  readonly #known: readonly PartitionRegistration[]
  #seen: SeenTopic | null = null

  constructor(topic: InternalTopic, broker: number) {
    this.#topic = topic
    this.#broker = broker
    this.#known = Array.from({ length: topic.count }, (_, index) => {
      const made = topic.madePartition(index)
      return made === undefined ? topic.unusedPartition(index) : registrationOf(made)
    })
  }

  get isListed(): boolean {
    return this.#topic.isListed
  }

  /** Broker id, or null where none led. */
  leaderOf(index: number): number | null {
    const { hasOneCopy } = this.#topic
    const now = { leader: this.#topic.leaderOf(index), hasOneCopy }
    return leaderSeenBy(this.#broker, this.#known[index]?.leader ?? null, now)
  }

  /** The topic with all of its partitions. */
  get seen(): SeenTopic {
    if (this.#seen !== null) return this.#seen
    const { topic } = this.#topic
    this.#seen = {
      ...topic,
      partitions: topic.partitions.map((partition, index) => {
        const known = this.#known[index] ?? registrationOf(partition)
        return new StalePartition(partition, { broker: this.#broker, known })
      }),
    }
    return this.#seen
  }
}
