import type { ClusterHost } from '../cluster-host.interface.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { ProducerStates } from '../producer/producer-state.ts'
import { Replica } from '../replication/replica.ts'
import type { CoordinatorHooks, Partition } from './topic.interface.ts'

/** A partition of one copy; replicas are added by the caller. */
export function newPartition(options: {
  readonly log: PartitionLog
  readonly producers: ProducerStates
  readonly leader: number | null
  readonly coordinator?: CoordinatorHooks
}): Partition {
  const { log, producers, leader, coordinator = null } = options
  const partition: Partition = {
    log,
    producers,
    leader,
    get leaderEpoch() {
      return partition.log.leaderEpoch
    },
    replicas: null,
    coordinator,
  }
  return partition
}

/** A broker's replica, in the state that the broker is in. */
export function newReplica(
  cluster: Pick<ClusterHost, 'clock' | 'isUp' | 'isolated'>,
  broker: number,
  { log, producers }: { readonly log: PartitionLog; readonly producers: () => ProducerStates },
): Replica {
  const replica = new Replica(broker, { log, producers, nowMs: cluster.clock.nowMs() })
  replica.online = cluster.isUp(broker)
  replica.isolated = cluster.isolated.has(broker)
  return replica
}
