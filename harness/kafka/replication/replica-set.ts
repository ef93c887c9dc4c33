import { eligibleLeaderReplicasVersion } from '../features.ts'
import { InSyncReplicas } from './in-sync-replicas.ts'
import type { LedPartition, ReplicasOptions } from './partition-replicas.interface.ts'
import type { Placement } from './reassignment.ts'
import type { Replica } from './replica.ts'

/**
 * The controller's record of a partition (Kafka's PartitionRegistration), and the replicas
 * themselves.
 */
export class ReplicaSet {
  readonly partition: LedPartition
  readonly inSync: InSyncReplicas
  /** In the order of the assignment. */
  replicas: readonly Replica[]
  placement: Placement
  /** The leader's. */
  epoch: number
  /** Where the leader's epoch began. */
  epochStart: bigint

  constructor({ host, replicas, partition, inSyncMin }: ReplicasOptions) {
    this.partition = partition
    this.replicas = replicas
    this.placement = { replicas: replicas.map(({ broker }) => broker), adding: [], removing: [] }
    this.epoch = partition.log.leaderEpoch
    this.epochStart = partition.log.endOffset
    this.inSync = new InSyncReplicas({
      members: replicas.filter(({ online }) => online).map(({ broker }) => broker),
      enough: () => Math.min(inSyncMin(), this.replicas.length),
      keepsEligible: eligibleLeaderReplicasVersion(host.settings) > 0,
    })
  }

  /** Broker ids, the preferred leader first. */
  get assigned(): readonly number[] {
    return this.placement.replicas
  }

  /** These of the assigned ones, in the order of the assignment. */
  among(brokers: ReadonlySet<number>): readonly number[] {
    return this.assigned.filter((broker) => brokers.has(broker))
  }

  of(broker: number | null): Replica | undefined {
    return this.replicas.find((each) => each.broker === broker)
  }

  get leader(): Replica | undefined {
    return this.of(this.partition.leader)
  }

  followers(): Replica[] {
    const { leader } = this.partition
    return this.replicas.filter(({ broker }) => broker !== leader)
  }

  /** Whether the partition has a leader that knows of it. */
  get isLed(): boolean {
    return this.leader?.unaware === false
  }

  mayLead({ broker, online }: Replica): boolean {
    return online && this.inSync.mayLead(broker)
  }
}
