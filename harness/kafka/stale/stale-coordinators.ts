import type { SeenCoordinators } from '../cluster-parts.interface.ts'
import type { ClassicGroup } from '../group/classic-group.ts'
import type { Commit } from '../group/commit.ts'
import type { ConsumerGroup } from '../group/consumer-group/consumer-group.ts'
import type { ConsumerHeartbeat } from '../group/consumer-group/heartbeat.interface.ts'
import type { Coordinators } from '../group/coordinators.ts'
import type { Group } from '../group/group.interface.ts'
import type { GroupOffsets } from '../group/offsets.ts'
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

  /** The coordinators that keep the group, as far as this broker knows. */
  #of(group: string): Coordinators {
    const deposed = this.#current.deposedAt(this.#broker)
    return deposed?.log.has(this.partitionOf(group)) === true ? deposed.coordinator : this.#current
  }

  partitionOf(group: string): number {
    return this.#current.partitionOf(group)
  }

  brokerOf(group: string): number | null {
    return this.#then.leaderOf(this.partitionOf(group))
  }

  refusal(group: string, broker: number): string | null {
    return this.#of(group).refusal(group, broker)
  }

  ids(): readonly string[] {
    const deposed = this.#current.deposedAt(this.#broker)?.coordinator.ids() ?? []
    return [...deposed, ...this.#current.ids().filter((id) => this.#of(id) === this.#current)]
  }

  group(id: string): Group | undefined {
    return this.#of(id).group(id)
  }

  classicGroup(id: string): ClassicGroup | undefined {
    return this.#of(id).classicGroup(id)
  }

  consumerGroup(id: string): ConsumerGroup | undefined {
    return this.#of(id).consumerGroup(id)
  }

  groupToJoin(id: string): Group {
    return this.#of(id).groupToJoin(id)
  }

  groupToSubscribe(id: string, heartbeat: ConsumerHeartbeat): ConsumerGroup | string {
    return this.#of(id).groupToSubscribe(id, heartbeat)
  }

  offsets(id: string): GroupOffsets | undefined {
    return this.#of(id).offsets(id)
  }

  ownerOf(id: string, topic: string, partition: number): string | null {
    return this.#of(id).ownerOf(id, topic, partition)
  }

  commit(commit: Commit): void {
    this.#of(commit.group).commit(commit)
  }

  afterWrites(group: string, answered: (error: string | null) => void): void {
    this.#of(group).afterWrites(group, answered)
  }

  removeOffsets(...[group, ...how]: Parameters<Coordinators['removeOffsets']>): void {
    this.#of(group).removeOffsets(group, ...how)
  }

  delete(...[id, ...how]: Parameters<Coordinators['delete']>): void {
    this.#of(id).delete(id, ...how)
  }

  /** Of deletions everybody hears at once. */
  forgetTopic(topic: string): void {
    this.#current.forgetTopic(topic)
  }
}
