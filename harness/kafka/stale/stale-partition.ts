import type { PartitionLog } from '../log/partition-log.ts'
import type { ProducerStates } from '../producer/producer-state.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import type { Partition, SeenPartition, SeenReplicas } from '../topics/topic.interface.ts'

/**
 * A stale broker's view of a partition: the leader as of the cut; a partition that it led itself it
 * goes on leading, in the old epoch (KAFKA.md L4, C4). A partition with one copy of everything has
 * moved its log to the new leader: a broker without the log, or without the knowledge that it has
 * it, does not lead.
 */
export class StalePartition implements SeenPartition {
  readonly #broker: number
  readonly #partition: Partition
  readonly #leader: number | null
  readonly #epoch: number
  readonly #inSync: readonly number[]
  readonly #offline: readonly number[]
  readonly #eligible: readonly number[]
  readonly #lastKnownLeader: number | null

  constructor(partition: Partition, broker: number) {
    this.#broker = broker
    this.#partition = partition
    this.#leader = partition.leader
    this.#epoch = partition.leaderEpoch
    this.#inSync = partition.replicas?.inSync ?? []
    this.#offline = partition.replicas?.offline ?? []
    this.#eligible = partition.replicas?.eligible ?? []
    this.#lastKnownLeader = partition.replicas?.lastKnownLeader ?? null
  }

  get leader(): number | null {
    const { leader, replicas } = this.#partition
    return replicas === null && this.#leader === this.#broker ? leader : this.#leader
  }

  get leaderEpoch(): number {
    return this.leader === this.#broker ? this.log.leaderEpoch : this.#epoch
  }

  get log(): PartitionLog {
    return this.deposed?.log ?? this.#partition.log
  }

  get producers(): ProducerStates {
    return this.deposed?.producers ?? this.#partition.producers
  }

  get replicas(): SeenReplicas | null {
    const { replicas } = this.#partition
    if (replicas === null) return null
    const leading = this.deposed ?? replicas
    return {
      assigned: replicas.assigned,
      inSync: this.#inSync,
      offline: this.#offline,
      eligible: this.#eligible,
      lastKnownLeader: this.#lastKnownLeader,
      tooFew: leading.tooFew,
      watermarkLags: leading.watermarkLags,
      whenReplicated: (offset, done) => leading.whenReplicated(offset, done),
      logOf: (broker) => replicas.logOf(broker),
      caughtUpTo: (offset) => (leading === replicas ? replicas.caughtUpTo(offset) : []),
    }
  }

  /**
   * The broker's deposed leadership of the partition; undefined: no other leader has been elected.
   */
  get deposed(): DeposedLeader | undefined {
    return this.#partition.replicas?.deposed(this.#broker)
  }
}
