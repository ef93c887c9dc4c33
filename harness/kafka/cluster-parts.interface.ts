import type { Authorizer } from './access/authorizer.ts'
import type { Users } from './access/users.ts'
import type { Turns } from './broker/turns.ts'
import type { BrokerAddress, RequestHooks } from './cluster.interface.ts'
import type { ClusterHost } from './cluster-host.interface.ts'
import type { Coordinators } from './group/coordinators.ts'
import type { TransactionalOffsets } from './group/transactional-offsets.ts'
import type { Topics } from './log/topics.ts'
import type { Throttling } from './quota/throttling.ts'
import type { Transactions } from './txn/transactions.ts'

/** The whole cluster as brokers and request handlers see it. */
export interface ClusterParts extends ClusterHost {
  readonly hooks: RequestHooks
  readonly turns: Turns
  readonly users: Users
  /** Null where everybody may do everything. */
  readonly authorizer: Authorizer | null
  readonly topics: Topics
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
