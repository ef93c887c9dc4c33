import type { Observation } from '../../core/history.ts'
import type { Authorizer } from '../access/authorizer.ts'
import type { Users } from '../access/users.ts'
import type { BrokerAddress, RequestHooks } from '../cluster.interface.ts'
import type { ClusterParts, Controller, SeenCluster } from '../cluster-parts.interface.ts'
import type { GroupConfigs } from '../group/group-configs.ts'
import type { TransactionalOffsets } from '../group/transactional-offsets.ts'
import type { Throttling } from '../quota/throttling.ts'
import type { Settings } from '../settings.ts'
import type { Turns } from '../turns.ts'
import { StaleCoordinators } from './stale-coordinators.ts'
import { StaleTopics } from './stale-topics.ts'
import { StaleTransactions } from './stale-transactions.ts'

/**
 * The cluster as a broker knows it that hears of nothing since: its MetadataImage stands still at
 * the offset of the metadata log that it had applied. Made when that begins; a broker that hears of
 * everything sees the cluster itself.
 */
export class StaleCluster implements SeenCluster {
  readonly id: string
  readonly brokers: readonly BrokerAddress[]
  readonly liveBrokers: readonly BrokerAddress[]
  readonly clock: ClusterParts['clock']
  readonly chance: ClusterParts['chance']
  readonly hooks: RequestHooks
  readonly settings: Settings
  readonly turns: Turns
  readonly users: Users
  readonly authorizer: Authorizer | null
  readonly isolated: ReadonlySet<number>
  readonly transactionalOffsets: TransactionalOffsets
  readonly groupConfigs: GroupConfigs
  readonly controller: Controller
  readonly topics: StaleTopics
  readonly coordinators: StaleCoordinators
  readonly transactions: StaleTransactions
  readonly #current: ClusterParts

  constructor(current: ClusterParts, broker: number) {
    this.#current = current
    this.id = current.id
    this.brokers = current.brokers
    this.liveBrokers = current.liveBrokers
    this.clock = current.clock
    this.chance = current.chance
    this.hooks = current.hooks
    this.settings = current.settings
    this.turns = current.turns
    this.users = current.users
    this.authorizer = current.authorizer
    this.isolated = current.isolated
    this.transactionalOffsets = current.transactionalOffsets
    this.groupConfigs = current.groupConfigs
    this.controller = current.controller
    const topics = new StaleTopics(current.topics, broker)
    this.topics = topics
    this.coordinators = new StaleCoordinators(current.coordinators, { broker, topics })
    this.transactions = new StaleTransactions(current.transactions, { broker, topics })
  }

  get throttling(): Throttling | null {
    return this.#current.throttling
  }

  throttled(): Throttling {
    return this.#current.throttled()
  }

  isUp(broker: number): boolean {
    return this.#current.isUp(broker)
  }

  isStale(broker: number): boolean {
    return this.#current.isStale(broker)
  }

  newProducerId(): bigint {
    return this.#current.newProducerId()
  }

  /** Records appended by a deposed leader exist on its own replica only. */
  observe(observation: Observation): void {
    if (observation.kind !== 'append') return this.#current.observe(observation)
    const { process, topic, partition, offset, key, value } = observation
    const deposed = this.topics.deposedAt(topic, partition)
    if (deposed === undefined) return this.#current.observe(observation)
    const committed = deposed.log.highWatermark > offset
    this.#current.observe({ kind: 'astray', process, topic, partition, offset, key, value, committed })
  }
}
