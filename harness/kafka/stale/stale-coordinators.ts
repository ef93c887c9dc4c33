import type { SeenCoordinators } from '../cluster-parts.interface.ts'
import type { Coordinators } from '../group/coordinators.ts'
import type { GroupCoordinator } from '../group/group-coordinator.ts'
import { LeadersAtCut } from './leaders-at-cut.ts'

/**
 * A stale broker's view of groups: coordinators as of the cut; it keeps coordinating its own groups
 * from memory (KAFKA.md C4).
 */
export class StaleCoordinators implements SeenCoordinators {
  readonly #broker: number
  readonly #current: Coordinators
  readonly #then: LeadersAtCut

  constructor(current: Coordinators, broker: number) {
    this.#broker = broker
    this.#current = current
    this.#then = new LeadersAtCut(current.log)
  }

  get log(): SeenCoordinators['log'] {
    return this.#current.log
  }

  partitionOf(group: string): number {
    return this.#current.partitionOf(group)
  }

  brokerOf(group: string): number | null {
    return this.#then.leaderOf(this.partitionOf(group))
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
