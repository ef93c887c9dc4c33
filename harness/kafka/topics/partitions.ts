import type { Stream } from '../../core/seed.ts'
import type { ClusterHost } from '../cluster-host.interface.ts'
import type { Housekeeping } from '../log/housekeeping.ts'
import { PartitionLog } from '../log/partition-log.ts'
import { ProducerStates } from '../producer/producer-state.ts'
import { PartitionReplicas } from '../replication/partition-replicas.ts'
import type { Replica } from '../replication/replica.ts'
import type { Rewriting } from '../replication/written-log.ts'
import { newPartition, newReplica } from './new-partition.ts'
import type { ReplicaAssignment } from './replica-placement.ts'
import { tellAgain } from './tell-appends.ts'
import type { Partition, Topic } from './topic.interface.ts'

export interface PartitionsOptions {
  readonly housekeeping: Housekeeping
  /** False once the topic is gone. */
  readonly exists: (topic: Topic) => boolean
}

/** Makes the partitions of topics, of one copy or replicated. */
export class Partitions {
  readonly #cluster: ClusterHost
  readonly #options: PartitionsOptions
  /** Of the delays of replication; drawn by topics that replicate. */
  #replication: Stream | null = null

  constructor(cluster: ClusterHost, options: PartitionsOptions) {
    this.#cluster = cluster
    this.#options = options
  }

  /**
   * The topic's next partition. @param assigned with one broker: one copy, which goes with its
   * leader
   */
  add(topic: Topic, assigned: ReplicaAssignment, startOffset: bigint): void {
    const index = topic.partitions.length
    const [preferred = 0] = assigned
    const leader = this.#cluster.isUp(preferred) ? preferred : this.#cluster.nextLive(preferred)
    const log = new PartitionLog(topic.name, index, startOffset)
    const partition = newPartition({ log, producers: this.#producersOf(log), leader })
    topic.partitions.push(partition)
    const changed = this.#options.housekeeping.watch({
      topic: topic.name,
      partition: index,
      configs: topic.configs,
      log: () => partition.log,
      isLed: () => partition.leader !== null,
      exists: () => this.#options.exists(topic),
      isLastOfProducer: (batch) => partition.producers.isLast(batch),
    })
    topic.onConfigs.push(changed)
    if (assigned.length > 1)
      partition.replicas = this.#replicate(
        topic,
        partition,
        assigned.map((broker, position) =>
          this.#newReplica(broker, position === 0 ? log : new PartitionLog(topic.name, index, startOffset)),
        ),
      )
  }

  /** @see Topics.replicas */
  replicas(topic: Topic, partition: Partition): PartitionReplicas | undefined {
    if (partition.replicas !== null) return partition.replicas
    const { leader, log, producers } = partition
    if (leader === null) return undefined
    const only = this.#newReplica(leader, log)
    only.producers = producers
    partition.replicas = this.#replicate(topic, partition, [only])
    return partition.replicas
  }

  #replicate(topic: Topic, partition: Partition, replicas: readonly Replica[]): PartitionReplicas {
    const { log: first } = partition
    partition.leader = null
    this.#replication ??= this.#cluster.chance.stream('replication')
    return new PartitionReplicas({
      host: this.#cluster,
      random: this.#replication,
      replicas,
      newReplica: (broker) =>
        this.#newReplica(broker, new PartitionLog(topic.name, first.partition, first.startOffset)),
      partition,
      inSyncMin: () => Number(topic.configs.get('min.insync.replicas')),
      mayElectUnclean: () => topic.configs.get('unclean.leader.election.enable') === 'true',
      moved: () => topic.onConfigs[first.partition]?.(),
      rewritten: (rewriting) => this.#rewritten(first, rewriting),
    })
  }

  #producersOf(log: PartitionLog): ProducerStates {
    return new ProducerStates(this.#cluster, (id) => log.transactions.openSince(id) !== null)
  }

  #newReplica(broker: number, log: PartitionLog): Replica {
    const replica = newReplica(this.#cluster, broker, { log, producers: () => this.#producersOf(log) })
    replica.unaware = this.#cluster.isStale(broker)
    return replica
  }

  /** The new leader's log differs: report which records vanished and which returned. */
  #rewritten({ topic, partition }: PartitionLog, { offset, back, uncommittedFrom }: Rewriting): void {
    this.#cluster.observe({
      kind: 'truncated',
      topic,
      partition,
      offset,
      reason: 'the new leader lacks it',
      ...(uncommittedFrom === null ? {} : { uncommittedFrom }),
    })
    for (const batch of back) tellAgain(this.#cluster, { topic, partition }, batch)
  }
}

/** Replicas of each of its partitions, as far as new ones are concerned. */
export function factorOf({ partitions }: Topic): number {
  return partitions[0]?.replicas?.assigned.length ?? 1
}
