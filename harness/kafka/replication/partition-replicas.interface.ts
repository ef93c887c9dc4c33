import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { ProducerStates } from '../producer/producer-state.ts'
import type { DeposedLeader } from './deposed-leader.ts'
import type { Replica } from './replica.ts'
import type { Rewriting } from './written-log.ts'

/** The partition as everybody else sees it: its leader's log. */
export interface LedPartition {
  log: PartitionLog
  producers: ProducerStates
  leader: number | null
}

/** The part of the cluster that replication uses. */
export type ReplicationHost = Pick<ClusterHost, 'clock' | 'settings' | 'leaderBalance' | 'isStale'>

export interface ReplicasOptions {
  readonly host: ReplicationHost
  readonly random: Stream
  /** In the order of the assignment; the first one that is online leads. */
  readonly replicas: readonly Replica[]
  /**
   * A replica without records, for a broker that had none. Absent: replicas stay where they are.
   */
  readonly newReplica?: (broker: number) => Replica
  readonly partition: LedPartition
  /** `min.insync.replicas` of the topic. */
  readonly inSyncMin: () => number
  /** `unclean.leader.election.enable` of the topic. */
  readonly mayElectUnclean: () => boolean
  /** The new leader's log is not what was written last. */
  readonly rewritten?: (rewriting: Rewriting) => void
  /** Another log is the leader's. @param deposed the last leader, where it has not heard of that */
  readonly moved: (deposed: DeposedLeader | null) => void
}
