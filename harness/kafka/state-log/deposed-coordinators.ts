import type { DeposedLeader } from '../replication/deposed-leader.ts'
import { DeposedLog } from './deposed-log.ts'
import type { StateTopic } from './state-topic.ts'

/** A coordinator that a broker goes on running although others have taken over, and its log. */
export interface DeposedCoordinator<Entry, Coordinator> {
  readonly coordinator: Coordinator
  readonly log: DeposedLog<Entry>
}

/** By broker: what it goes on coordinating, as it has not heard of its successors (KAFKA.md C4). */
export class DeposedCoordinators<Entry, Coordinator> {
  /** Null until a coordinator is deposed. */
  #deposed: Map<number, DeposedCoordinator<Entry, Coordinator>> | null = null

  /** The coordinator that this broker goes on running, or undefined. */
  at(broker: number): DeposedCoordinator<Entry, Coordinator> | undefined {
    return this.#deposed?.get(broker)
  }

  /** The coordinator that this broker goes on running for the partition, or undefined. */
  of(broker: number, partition: number): Coordinator | undefined {
    const deposed = this.#deposed?.get(broker)
    return deposed?.log.has(partition) === true ? deposed.coordinator : undefined
  }

  coordinators(): Coordinator[] {
    return [...(this.#deposed?.values() ?? [])].map(({ coordinator }) => coordinator)
  }

  /**
   * The broker goes on leading the partition.
   * @param topic the log of the present coordinators
   * @param make makes the coordinator of a broker that goes on for the first time
   */
  add(
    { partition, broker, leader }: { partition: number; broker: number; leader: DeposedLeader },
    topic: StateTopic<Entry>,
    make: (log: DeposedLog<Entry>) => Coordinator,
  ): Coordinator {
    this.#deposed ??= new Map()
    const deposed = this.#deposed.get(broker) ?? newDeposed(new DeposedLog(topic, broker), make)
    this.#deposed.set(broker, deposed)
    deposed.log.add(partition, leader)
    return deposed.coordinator
  }

  /**
   * The broker has heard: returns its coordinator, which has to drop the partition, or undefined.
   */
  remove(partition: number, broker: number): Coordinator | undefined {
    const deposed = this.#deposed?.get(broker)
    if (deposed === undefined || !deposed.log.has(partition)) return undefined
    deposed.log.remove(partition)
    return deposed.coordinator
  }
}

function newDeposed<Entry, Coordinator>(
  log: DeposedLog<Entry>,
  make: (log: DeposedLog<Entry>) => Coordinator,
): DeposedCoordinator<Entry, Coordinator> {
  return { log, coordinator: make(log) }
}
