import type { PartitionLog } from '../log/partition-log.ts'
import type { TopicConfigs } from '../log/topic-configs.ts'
import type { ProducerStates } from '../producer/producer-state.ts'
import type { PartitionReplicas } from '../replication/partition-replicas.ts'
import type { ReplicaAssignment } from './replica-placement.ts'

/** A partition as a broker sees it that serves clients. */
export interface SeenPartition {
  /** The leader's; while none leads, that of the last one. */
  readonly log: PartitionLog
  readonly producers: ProducerStates
  /** Broker id, or null while no broker is left. */
  readonly leader: number | null
  readonly leaderEpoch: number
  /** Null where there is one copy only: it goes with the leader. */
  readonly replicas: SeenReplicas | null
}

/**
 * Leader and replicas of a partition as a record of the metadata log has them (Kafka's class of
 * this name).
 */
export interface PartitionRegistration {
  /** Broker id, or null where none leads. */
  readonly leader: number | null
  readonly leaderEpoch: number
  readonly inSync: readonly number[]
  readonly offline: readonly number[]
  readonly eligible: readonly number[]
  readonly lastKnownLeader: number | null
}

export type SeenReplicas = Pick<
  PartitionReplicas,
  | 'assigned'
  | 'inSync'
  | 'offline'
  | 'eligible'
  | 'lastKnownLeader'
  | 'tooFew'
  | 'watermarkLags'
  | 'whenReplicated'
  | 'logOf'
  | 'caughtUpTo'
>

export interface Partition extends SeenPartition {
  log: PartitionLog
  producers: ProducerStates
  leader: number | null
  replicas: PartitionReplicas | null
  /** Null where no coordinator keeps its state in the partition. */
  readonly coordinator: CoordinatorHooks | null
}

/** Told of changes of a partition in which a coordinator keeps its state. */
export interface CoordinatorHooks {
  /** Another broker leads the one copy, or the same one leads it again. */
  moved(): void
  /** The broker's view of the cluster is current again. */
  heard(broker: number, wasDeposed: boolean): void
}

/** A topic as a broker sees it that serves clients. */
export interface SeenTopic extends Omit<Topic, 'partitions'> {
  readonly partitions: readonly SeenPartition[]
}

export interface Topic {
  readonly name: string
  /** 32 hex digits, another one each time a topic of this name is created (KIP-516). */
  readonly id: string
  /** Coordinators keep their state in it; nobody else writes to it (Kafka's `is_internal`). */
  readonly isInternal: boolean
  readonly configs: TopicConfigs
  readonly partitions: Partition[]
  /** To be told when the configuration has changed. */
  readonly onConfigs: (() => void)[]
}

export interface TopicOptions {
  readonly startOffset?: bigint
  readonly configs?: ReadonlyMap<string, string>
  /**
   * Replicas of each partition, of as many as there are brokers; default:
   * `default.replication.factor`.
   */
  readonly factor?: number
  /** One for each partition, instead of a factor. */
  readonly assignments?: readonly ReplicaAssignment[]
}

/** Events of brokers, told to the table of partitions. */
export interface BrokerEvents {
  /** The broker is up again. */
  brokerStarted(broker: number): void
  /** The broker is gone. @param losesUnflushed what its logs have not flushed is lost */
  brokerStopped(broker: number, losesUnflushed: boolean): void
  /** The controller counts on the broker no more, or again. */
  brokerFenced(broker: number, fenced: boolean): void
  /** The broker hears of all that it has missed. */
  brokerHears(broker: number): void
  /** The broker's replicas fetch nothing from now on, or again. */
  isolate(broker: number, isolated: boolean): void
}
