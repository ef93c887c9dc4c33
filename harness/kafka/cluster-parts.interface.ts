import type { Authorizer } from './access/authorizer.ts'
import type { Users } from './access/users.ts'
import type { BrokerAddress, RequestHooks } from './cluster.interface.ts'
import type { ClusterHost } from './cluster-host.interface.ts'
import type { Coordinators } from './group/coordinators.ts'
import type { GroupConfigs } from './group/group-configs.ts'
import type { TransactionalOffsets } from './group/transactional-offsets.ts'
import type { Throttling } from './quota/throttling.ts'
import type { SeenPartition, SeenTopic } from './topics/topic.interface.ts'
import type { Topics } from './topics/topics.ts'
import type { Turns } from './turns.ts'
import type { Transactions } from './txn/transactions.ts'

/** Events of brokers, told to the tables of partitions. */
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

/** The whole cluster as brokers and request handlers see it. */
export interface ClusterParts extends ClusterHost {
  readonly hooks: RequestHooks
  readonly turns: Turns
  readonly users: Users
  /** Null where everybody may do everything. */
  readonly authorizer: Authorizer | null
  readonly topics: Topics
  readonly controller: Controller
  /** All partitions: those of topics, of `__consumer_offsets` and of `__transaction_state`. */
  readonly partitionTables: readonly BrokerEvents[]
  readonly groupConfigs: GroupConfigs
  readonly coordinators: Coordinators
  readonly transactionalOffsets: TransactionalOffsets
  readonly transactions: Transactions
  /** Null as long as nobody has a quota. */
  readonly throttling: Throttling | null
  /** Quotas begin to count. */
  throttled(): Throttling
  readonly liveBrokers: readonly BrokerAddress[]
  newProducerId(): bigint
}

/**
 * The controller: it knows the cluster as it is, and what brokers ask of it happens, however little
 * they know themselves.
 */
export type Controller = Pick<
  Topics,
  | 'create'
  | 'delete'
  | 'addPartitions'
  | 'configure'
  | 'freshId'
  | 'deleteRecords'
  | 'moveLeader'
  | 'replicas'
> & {
  /** The topic of this name, which brokers may not have heard of. */
  topic: Topics['atController']
}

/** A broker's view of topics. */
export interface SeenTopics {
  list(): readonly SeenTopic[]
  listAll(): readonly SeenTopic[]
  get(name: string): SeenTopic | undefined
  byId(id: string): SeenTopic | undefined
  partition(topic: string, partition: number): SeenPartition | undefined
}

/** A broker's view of groups: those that it coordinates, and the coordinators of the others. */
export type SeenCoordinators = Pick<
  Coordinators,
  | 'partitionOf'
  | 'brokerOf'
  | 'refusal'
  | 'ids'
  | 'group'
  | 'classicGroup'
  | 'consumerGroup'
  | 'groupToJoin'
  | 'groupToSubscribe'
  | 'offsets'
  | 'ownerOf'
  | 'commit'
  | 'afterWrites'
  | 'removeOffsets'
  | 'delete'
> & {
  readonly log: Pick<Coordinators['log'], 'sought' | 'loadsAny'>
  forgetTopic(topic: string): void
}

/** A broker's view of transactional ids; compare `SeenCoordinators`. */
export type SeenTransactions = Pick<
  Transactions,
  'brokerOf' | 'find' | 'list' | 'initProducerId' | 'addPartitions' | 'verify' | 'end'
> & { readonly log: Pick<Transactions['log'], 'sought' | 'loadsAny' | 'refusal' | 'partitionOf'> }

/** The cluster as one broker knows it: all of it, as long as it hears of everything at once. */
export interface SeenCluster
  extends Omit<
    ClusterParts,
    'topics' | 'coordinators' | 'transactions' | 'nextLive' | 'leaderBalance' | 'partitionTables'
  > {
  readonly topics: SeenTopics
  readonly coordinators: SeenCoordinators
  readonly transactions: SeenTransactions
}
