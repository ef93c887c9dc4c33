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

/**
 * A topic in which a coordinator keeps its state, made whole when somebody looks at it from
 * outside.
 */
export interface InternalTopic {
  readonly name: string
  readonly exists: boolean
  /** Whether a client has asked for a coordinator. */
  readonly isListed: boolean
  asTopic(newId: () => string): Topic
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
