import type { Turns } from './broker/turns.ts'
import type { BrokerAddress, RequestHooks } from './cluster.interface.ts'
import type { ClusterHost } from './cluster-host.interface.ts'
import type { Coordinators } from './group/coordinators.ts'
import type { Topics } from './log/topics.ts'

/** The whole cluster as brokers and request handlers see it. */
export interface ClusterParts extends ClusterHost {
  readonly hooks: RequestHooks
  readonly turns: Turns
  readonly topics: Topics
  readonly coordinators: Coordinators
  readonly liveBrokers: readonly BrokerAddress[]
  newProducerId(): bigint
}
