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

/** The whole cluster as brokers and request handlers see it. */
export interface ClusterParts extends ClusterHost {
  /** As clients are told of it. */
  readonly id: string
  readonly hooks: RequestHooks
  readonly turns: Turns
  readonly users: Users
  /** Null where everybody may do everything. */
  readonly authorizer: Authorizer | null
  readonly topics: Topics
  readonly controller: Controller
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
export interface SeenCoordinators
  extends Pick<Coordinators, 'partitionOf' | 'brokerOf' | 'of' | 'ids' | 'forgetTopic'> {
  readonly log: Pick<Coordinators['log'], 'sought' | 'loadsAny'>
}

/** A broker's view of transactional ids; compare `SeenCoordinators`. */
export interface SeenTransactions extends Pick<Transactions, 'brokerOf' | 'of' | 'list'> {
  readonly log: Pick<Transactions['log'], 'sought' | 'loadsAny' | 'refusal' | 'partitionOf'>
}

/** The cluster as one broker knows it: all of it, as long as it hears of everything at once. */
export interface SeenCluster
  extends Omit<ClusterParts, 'topics' | 'coordinators' | 'transactions' | 'nextLive' | 'leaderBalance'> {
  readonly topics: SeenTopics
  readonly coordinators: SeenCoordinators
  readonly transactions: SeenTransactions
}
