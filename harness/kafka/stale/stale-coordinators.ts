import type { SeenCoordinators } from '../cluster-parts.interface.ts'
import type { Coordinators } from '../group/coordinators.ts'
import type { GroupCoordinator } from '../group/group-coordinator.ts'
import type { StaleTopics } from './stale-topics.ts'

/**
 * A stale broker's view of groups: coordinators as of the cut; it keeps coordinating its own groups
 * from memory (KAFKA.md C4).
 */
export class StaleCoordinators implements SeenCoordinators {
  readonly #broker: number
  readonly #current: Coordinators
  readonly #topics: StaleTopics
  readonly log: SeenCoordinators['log']

  constructor(current: Coordinators, { broker, topics }: { broker: number; topics: StaleTopics }) {
    this.#broker = broker
    this.#current = current
    this.#topics = topics
    const { log } = current
    this.log = {
      sought: () => log.sought() && topics.internal(log.name) !== undefined,
      loadsAny: (asked) => log.loadsAny(asked),
    }
  }

  partitionOf(group: string): number {
    return this.#current.partitionOf(group)
  }

  brokerOf(group: string): number | null {
    return this.#topics.internal(this.#current.log.name)?.leaderOf(this.partitionOf(group)) ?? null
  }

  /** The broker's own coordinator, where it goes on coordinating the group. */
  of(group: string): GroupCoordinator {
    return this.#deposedOf(group) ?? this.#current.of(group)
  }

  ids(): readonly string[] {
    const others = this.#current.ids().filter((id) => this.#deposedOf(id) === undefined)
    return [...this.#current.deposedIds(this.#broker), ...others]
  }

  /** Deletions of topics reach every broker at once. */
  forgetTopic(topic: string): void {
    this.#current.forgetTopic(topic)
  }

  #deposedOf(group: string): GroupCoordinator | undefined {
    return this.#current.deposedAt(this.#broker, this.partitionOf(group))
  }
}
