import type { ClusterHost } from '../cluster-host.interface.ts'
import { hashPartition } from '../group/java-hash.ts'

/** Who leads the partitions of `__transaction_state`: the leader of a transactional id's partition coordinates it. */
export class StatePartitions {
  readonly #cluster: ClusterHost
  /** Partitions that are not led by the broker that leads them by default. */
  readonly #leaders: Map<number, number | null> = new Map()
  /** Partitions that are being loaded, until this virtual Unix time in milliseconds. */
  readonly #loadingUntilMs: Map<number, number> = new Map()
  readonly #epochs: Map<number, number> = new Map()

  constructor(cluster: ClusterHost) {
    this.#cluster = cluster
  }

  partitionOf(transactionalId: string): number {
    return hashPartition(transactionalId, this.#cluster.settings['transaction.state.log.num.partitions'])
  }

  leaderOf(partition: number): number | null {
    const moved = this.#leaders.get(partition)
    if (moved !== undefined) return moved
    const { brokers } = this.#cluster
    return brokers[partition % brokers.length]?.id ?? null
  }

  /** Grows with each move; markers carry it. */
  epochOf(partition: number): number {
    return this.#epochs.get(partition) ?? 0
  }

  isLoading(partition: number): boolean {
    return (this.#loadingUntilMs.get(partition) ?? 0) > this.#cluster.clock.nowMs()
  }

  /** The error that this broker answers for this id, or null where it may serve. */
  refusal(transactionalId: string, broker: number | null): string | null {
    const partition = this.partitionOf(transactionalId)
    if (broker === null || this.leaderOf(partition) !== broker) return 'NOT_COORDINATOR'
    return this.isLoading(partition) ? 'COORDINATOR_LOAD_IN_PROGRESS' : null
  }

  /** @returns whether the partition has been taken from its coordinator */
  move(partition: number, to: number | null): boolean {
    if (to === this.leaderOf(partition) && this.#cluster.brokers.length > 1) return false
    this.#leaders.set(partition, to)
    this.#epochs.set(partition, this.epochOf(partition) + 1)
    const loadMs = this.#cluster.settings['onceover.coordinator.load.ms']
    this.#loadingUntilMs.set(partition, this.#cluster.clock.nowMs() + loadMs)
    return true
  }

  ledBy(broker: number | null): number[] {
    const count = this.#cluster.settings['transaction.state.log.num.partitions']
    return Array.from({ length: count }, (_, index) => index).filter((each) => this.leaderOf(each) === broker)
  }
}
