import type { PartitionLog } from '../log/partition-log.ts'
import type { ProducerStates } from '../producer/producer-state.ts'
import type { DeposedLeader } from '../replication/deposed-leader.ts'
import type {
  Partition,
  PartitionRegistration,
  SeenPartition,
  SeenReplicas,
} from '../topics/topic.interface.ts'

/** The partition's registration as it is now. */
export function registrationOf({ leader, leaderEpoch, replicas }: Partition): PartitionRegistration {
  const { inSync = [], offline = [], eligible = [], lastKnownLeader = null } = replicas ?? {}
  return { leader, leaderEpoch, inSync, offline, eligible, lastKnownLeader }
}

/**
 * The leader that a stale broker knows: the one as of the cut. A partition with one copy of
 * everything has moved its log to the new leader: a broker without the log, or without the
 * knowledge that it has it, does not lead.
 */
export function leaderSeenBy(
  broker: number,
  atCut: number | null,
  now: { readonly leader: number | null; readonly hasOneCopy: boolean },
): number | null {
  return now.hasOneCopy && atCut === broker ? now.leader : atCut
}

/**
 * A stale broker's view of a partition: the leader as of the cut; a partition that it led itself it
 * goes on leading, in the old epoch (KAFKA.md L4, C4).
 */
export class StalePartition implements SeenPartition {
  readonly #broker: number
  readonly #partition: Partition
  readonly #known: PartitionRegistration

  /** @param known what the broker knew at the cut */
  constructor(partition: Partition, { broker, known }: { broker: number; known: PartitionRegistration }) {
    this.#broker = broker
    this.#partition = partition
    this.#known = known
  }

  get leader(): number | null {
    const { leader, replicas } = this.#partition
    return leaderSeenBy(this.#broker, this.#known.leader, { leader, hasOneCopy: replicas === null })
  }

  get leaderEpoch(): number {
    return this.leader === this.#broker ? this.log.leaderEpoch : this.#known.leaderEpoch
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
    const { inSync, offline, eligible, lastKnownLeader } = this.#known
    return {
      assigned: replicas.assigned,
      inSync,
      offline,
      eligible,
      lastKnownLeader,
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
