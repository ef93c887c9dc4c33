import type { ClusterHost } from '../cluster-host.interface.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { ProducerStates } from '../producer/producer-state.ts'
import type { PartitionReplicas } from '../replication/partition-replicas.ts'
import { Replica } from '../replication/replica.ts'
import type { CoordinatorHooks, Partition } from './topic.interface.ts'

export interface NewPartition {
  readonly log: PartitionLog
  readonly producers: ProducerStates
  readonly leader: number | null
  readonly coordinator?: CoordinatorHooks
}

/** A partition of one copy; replicas are added by the caller. */
export function newPartition(options: NewPartition): Partition {
  return new PartitionInTable(options)
}

class PartitionInTable implements Partition {
  log: PartitionLog
  producers: ProducerStates
  leader: number | null
  replicas: PartitionReplicas | null = null
  readonly coordinator: CoordinatorHooks | null

  constructor({ log, producers, leader, coordinator }: NewPartition) {
    this.log = log
    this.producers = producers
    this.leader = leader
    this.coordinator = coordinator ?? null
  }

  get leaderEpoch(): number {
    return this.log.leaderEpoch
  }
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
