import type { DeposedLeader } from '../replication/deposed-leader.ts'
import { DeposedCoordinators } from '../state-log/deposed-coordinators.ts'
import type { StateTopic } from '../state-log/state-topic.ts'
import type { CoordinatorsHost } from './coordinator-host.ts'
import { GroupCoordinator } from './group-coordinator.ts'
import type { OffsetsEntry } from './offsets-entries.ts'
import { newOffsetsTopic } from './offsets-topic.ts'

/**
 * The group coordinators of all brokers: a group's coordinator is the leader of its partition of
 * `__consumer_offsets`. One that takes over reads the log, and anything not in it is lost (KAFKA.md
 * C1 to C3); one that has not learnt of its successor goes on beside it (C4).
 */
export class Coordinators {
  readonly log: StateTopic<OffsetsEntry>
  /** The coordinator of all groups, as the cluster has them. */
  readonly current: GroupCoordinator
  readonly #cluster: CoordinatorsHost
  readonly #deposed: DeposedCoordinators<OffsetsEntry, GroupCoordinator> = new DeposedCoordinators()

  constructor(cluster: CoordinatorsHost) {
    this.#cluster = cluster
    this.log = newOffsetsTopic(cluster, {
      moved: (partition, leader, loadMs) => this.#moved(partition, leader, loadMs),
      deposed: (partition, broker, leader) => this.#depose(partition, broker, leader),
      heard: (partition, broker) => this.#unload(partition, broker),
    })
    this.current = new GroupCoordinator({ cluster, log: this.log, successor: null })
  }

  partitionOf(group: string): number {
    return this.log.partitionOf(group)
  }

  /** Broker id, or null while no broker is left. */
  brokerOf(group: string): number | null {
    return this.log.leaderOf(this.partitionOf(group))
  }

  /** The group's coordinator. */
  of(_group: string): GroupCoordinator {
    return this.current
  }

  ids(): readonly string[] {
    return this.current.ids()
  }

  /** Coordinators drop a deleted topic's offsets. */
  forgetTopic(topic: string): void {
    this.current.forgetTopic(topic)
  }

  /** The coordinator that this broker goes on running for the partition, or undefined. */
  deposedAt(broker: number, partition: number): GroupCoordinator | undefined {
    return this.#deposed.of(broker, partition)
  }

  /** Ids of the groups that this broker goes on coordinating. */
  deposedIds(broker: number): readonly string[] {
    return this.#deposed.at(broker)?.coordinator.ids() ?? []
  }

  move(group: string, to?: number): void {
    this.log.move(this.partitionOf(group), to)
  }

  /** Cancels every timer. */
  dispose(): void {
    for (const each of [this.current, ...this.#deposed.coordinators()]) each.dispose()
    this.log.dispose()
  }

  /** The groups of the partition stay with this broker as they are, until it hears. */
  #depose(partition: number, broker: number, leader: DeposedLeader): void {
    const deposed = this.#deposed.add(
      { partition, broker, leader },
      this.log,
      (log) => new GroupCoordinator({ cluster: this.#cluster, log, successor: this.current }),
    )
    this.current.handTo(deposed, partition)
  }

  /** The broker has learnt that it no longer coordinates these groups. */
  #unload(partition: number, broker: number): void {
    this.#deposed.remove(partition, broker)?.drop(partition)
  }

  /** Ends the groups of the partition where they are; its new leader reads them from its log. */
  #moved(partition: number, leader: number | null, loadMs: number): void {
    this.current.end(partition, this.#deposed.coordinators())
    // While no broker leads the partition, nobody runs the group: its log waits.
    if (leader === null) return
    this.current.load(partition, loadMs)
    // One that was deposed and leads again has read its log like anybody else.
    this.#unload(partition, leader)
  }
}
