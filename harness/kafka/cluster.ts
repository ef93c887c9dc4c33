import { UsageError } from '../core/errors.ts'
import type { Observation } from '../core/history.ts'
import { parseAcls } from './access/acl.ts'
import { Authorizer } from './access/authorizer.ts'
import { Users } from './access/users.ts'
import { Broker } from './broker/broker.ts'
import type {
  AppendInput,
  BrokerAddress,
  Cluster,
  ClusterAdmin,
  ClusterOptions,
  GroupView,
  Peer,
  RequestHooks,
  Session,
  TransactionView,
  Transport,
} from './cluster.interface.ts'
import { ClusterClock } from './cluster-clock.ts'
import type { ClusterParts, Controller } from './cluster-parts.interface.ts'
import { Coordinators } from './group/coordinators.ts'
import { GroupConfigs } from './group/group-configs.ts'
import { deleteGroup, setOffsets } from './group/operator.ts'
import { TransactionalOffsets } from './group/transactional-offsets.ts'
import { LeaderBalance } from './leader-balance.ts'
import { configProblem } from './log/topic-configs.ts'
import { Throttling } from './quota/throttling.ts'
import { type Settings, settingsFrom } from './settings.ts'
import { reassign } from './topics/reassign.ts'
import { tellAppends } from './topics/tell-appends.ts'
import { Topics } from './topics/topics.ts'
import { Turns } from './turns.ts'
import type { Transaction } from './txn/transaction.ts'
import { Transactions } from './txn/transactions.ts'
import { encodeBatch, readBatches, stampBatch } from './wire/index.ts'

/** @see Cluster */
export function createCluster(options: ClusterOptions): Cluster {
  return new SimulatedCluster(options)
}

const NO_HOOKS: RequestHooks = {}

function controllerOf(topics: Topics): Controller {
  return {
    topic: (name) => topics.atController(name),
    create: (name, partitions, options) => topics.create(name, partitions, options),
    delete: (name, gone) => topics.delete(name, gone),
    addPartitions: (name, count, byHand) => topics.addPartitions(name, count, byHand),
    configure: (topic, given) => topics.configure(topic, given),
    freshId: () => topics.freshId(),
    deleteRecords: (topic, partition, beforeOffset, reason) =>
      topics.deleteRecords(topic, partition, beforeOffset, reason),
    moveLeader: (topic, partition, to) => topics.moveLeader(topic, partition, to),
    replicas: (topic, partition) => topics.replicas(topic, partition),
  }
}

/** The state that brokers share: metadata, logs, groups, leaders. */
class SimulatedCluster implements Cluster, ClusterParts {
  readonly brokers: readonly BrokerAddress[]
  readonly clock: ClusterOptions['clock']
  readonly chance: ClusterOptions['chance']
  readonly hooks: RequestHooks
  readonly settings: Settings
  readonly turns: Turns = new Turns()
  readonly users: Users
  readonly authorizer: Authorizer | null
  readonly topics: Topics
  readonly controller: Controller
  readonly groupConfigs: GroupConfigs
  readonly coordinators: Coordinators
  readonly transactionalOffsets: TransactionalOffsets
  readonly transactions: Transactions
  readonly admin: ClusterAdmin
  throttling: Throttling | null = null
  readonly leaderBalance: LeaderBalance
  readonly isolated: Set<number> = new Set()
  readonly #options: ClusterOptions
  readonly #timers: ClusterClock
  readonly #brokersById: Map<number, Broker>
  readonly id: string
  #nextProducerId: bigint

  constructor(options: ClusterOptions) {
    this.#options = options
    const { cluster = 'onceover', firstProducer = 1_000n } = options.id ?? {}
    this.id = cluster
    this.#nextProducerId = firstProducer
    this.brokers = options.brokers
    this.chance = options.chance
    this.#timers = new ClusterClock(options.clock, this.turns)
    this.clock = this.#timers
    this.hooks = options.hooks ?? NO_HOOKS
    this.settings = settingsFrom(options.settings)
    this.users = new Users(this.settings, this.chance)
    this.authorizer = Authorizer.isWanted(this.settings) ? new Authorizer(this.settings) : null
    this.leaderBalance = new LeaderBalance(this.clock, this.settings)
    this.topics = new Topics(this)
    this.groupConfigs = new GroupConfigs(this.settings)
    this.coordinators = new Coordinators(this)
    this.transactionalOffsets = new TransactionalOffsets(this.coordinators)
    this.transactions = new Transactions(this)
    this.controller = controllerOf(this.topics)
    if (this.settings['onceover.client.quotas'] !== '') this.throttled()
    this.#brokersById = new Map(this.brokers.map((address) => [address.id, new Broker(this, address)]))
    this.admin = createAdmin(this)
  }

  connect(brokerId: number, peer: Peer, transport: Transport): Session {
    return this.broker(brokerId).connect(peer, transport)
  }

  broker(id: number): Broker {
    const found = this.#brokersById.get(id)
    if (found === undefined) throw new Error(`there is no broker ${id}`)
    return found
  }

  observe(observation: Observation): void {
    this.#options.observer.observe(observation)
  }

  isUp(broker: number): boolean {
    const { up, fenced } = this.broker(broker)
    return up && !fenced
  }

  isStale(broker: number): boolean {
    return this.broker(broker).isStale
  }

  /** The live broker that follows `id` in turn, or null when none is left. */
  nextLive(id: number): number | null {
    const from = this.brokers.findIndex((broker) => broker.id === id)
    for (let step = 1; step <= this.brokers.length; step += 1) {
      const candidate = this.brokers[(from + step) % this.brokers.length]
      if (candidate !== undefined && this.isUp(candidate.id)) return candidate.id
    }
    return null
  }

  throttled(): Throttling {
    this.throttling ??= new Throttling(this.settings)
    return this.throttling
  }

  get liveBrokers(): readonly BrokerAddress[] {
    return this.brokers.filter(({ id }) => this.isUp(id))
  }

  isolate(broker: number, isolated: boolean): boolean {
    if (this.isolated.has(broker) === isolated) return false
    if (isolated) this.isolated.add(broker)
    else this.isolated.delete(broker)
    this.topics.isolate(broker, isolated)
    return true
  }

  newProducerId(): bigint {
    return this.#nextProducerId++
  }

  dispose(): void {
    this.coordinators.dispose()
    this.transactions.log.dispose()
    this.#timers.cancelAll()
  }
}

function createAdmin(cluster: SimulatedCluster): ClusterAdmin {
  const { topics, coordinators, transactions, turns } = cluster
  return {
    createTopic: (name, { partitions, startOffset = 0n, configs = {} }) =>
      void topics.create(name, partitions, { startOffset, configs: topicConfigs(configs) }),
    append: (record) => turns.take(() => append(cluster, record)),
    addPartitions: (topic, count) => topics.addPartitions(topic, count),
    configureTopic: (topic, name, value) => configureTopic(topics, topic, { name, value }),
    recreateTopic: (name) => turns.take(() => topics.recreate(name, () => coordinators.forgetTopic(name))),
    moveLeader: (topic, partition, to) => turns.take(() => topics.moveLeader(topic, partition, to)),
    moveCoordinator: (group, to) => turns.take(() => coordinators.move(group, to)),
    moveTransactionCoordinator: (id, to) => turns.take(() => transactions.move(id, to)),
    transactionCoordinator: (id) => transactions.brokerOf(id),
    openTransactions: () => transactions.current.open,
    transaction: (id) => {
      const found = transactions.of(id).find(id)
      return found === undefined ? null : viewOfTransaction(found)
    },
    lastStableOffset: (topic, partition) => topics.log(topic, partition).lastStableOffset,
    stopBroker: (id) => turns.take(() => cluster.broker(id).stop()),
    startBroker: (id) => turns.take(() => cluster.broker(id).start()),
    crashBroker: (id) => turns.take(() => cluster.broker(id).stop(true)),
    hasAuthorizer: cluster.authorizer !== null,
    addAcls: (text) => {
      for (const acl of parseAcls(text)) authorizerOf(cluster).add(acl)
    },
    removeAcls: (text) => parseAcls(text).filter((acl) => authorizerOf(cluster).removeSame(acl)).length,
    throttle: ({ broker, process }, everyMs) => cluster.throttled().setPace(broker, process, everyMs),
    isolateReplica: ({ topic, partition, broker }, isolated) =>
      turns.take(() => topics.partition(topic, partition)?.replicas?.isolate(broker, isolated)),
    isolateBroker: (id, isolated) => turns.take(() => cluster.isolate(id, isolated)),
    cutFromController: (id, isCut) => turns.take(() => cluster.broker(id).cutOff(isCut)),
    holdMetadata: (id, held) => turns.take(() => cluster.broker(id).hears(!held)),
    replicationFactor: Math.min(cluster.settings['default.replication.factor'], cluster.brokers.length),
    electUnclean: (topic, partition, to) =>
      turns.take(() => topics.partition(topic, partition)?.replicas?.electUnclean(to)),
    reassign: (topic, partition, replicas) =>
      turns.take(() => reassign(cluster, { topic, partition, replicas }).error),
    inSync: (topic, partition) => inSync(topics, topic, partition),
    replicaEnd: ({ topic, partition, broker }) =>
      topics.partition(topic, partition)?.replicas?.logOf(broker)?.endOffset ?? null,
    resetLossyConnections: () =>
      cluster.brokers.filter(({ id }) => cluster.broker(id).resetLossyConnections()).length > 0,
    isUp: (id) => cluster.broker(id).up,
    deleteRecords: (topic, partition, beforeOffset) =>
      topics.deleteRecords(topic, partition, beforeOffset, 'deleted'),
    topics: () => topics.list().map(({ name, partitions }) => ({ name, partitions: partitions.length })),
    leader: (topic, partition) => topics.partition(topic, partition)?.leader ?? null,
    coordinator: (group) => coordinators.brokerOf(group),
    logStart: (topic, partition) => topics.log(topic, partition).startOffset,
    logEnd: (topic, partition) => topics.log(topic, partition).endOffset,
    highWatermark: (topic, partition) => topics.log(topic, partition).highWatermark,
    offsetSince: (topic, partition, ageMs) =>
      topics.log(topic, partition).offsetForTimestamp(BigInt(cluster.clock.nowMs() - ageMs))?.offset ?? null,
    committed: (group, topic, partition) =>
      coordinators.of(group).offsets(group)?.get(topic, partition)?.offset ?? null,
    setOffsets: (group, offsets, by) => turns.take(() => setOffsets(cluster, { group, offsets, by })),
    deleteGroup: (group) => turns.take(() => deleteGroup(cluster, group)),
    groups: () => coordinators.ids(),
    groupState: (group) => coordinators.of(group).group(group)?.state ?? null,
    group: (group) => viewOf(coordinators, group),
  }
}

/** @throws UsageError */
function authorizerOf({ authorizer }: SimulatedCluster): Authorizer {
  if (authorizer === null)
    throw new UsageError('bad-scenario', 'there are no ACLs without the setting authorizer.class.name')
  return authorizer
}

function inSync(topics: Topics, topic: string, partition: number): readonly number[] {
  const found = topics.partition(topic, partition)
  if (found === undefined) return []
  return found.replicas?.inSync ?? (found.leader === null ? [] : [found.leader])
}

function configureTopic(
  topics: Topics,
  topic: string,
  { name, value }: { readonly name: string; readonly value: string | null },
): string | null {
  const known = topics.get(topic)
  if (known === undefined) return null
  const given = new Map(known.configs.given)
  const before = given.get(name) ?? null
  if (value === null) given.delete(name)
  else given.set(name, value)
  topics.configure(known, given)
  return before
}

/** @throws UsageError for a configuration that topics do not have, or not with this value */
function topicConfigs(configs: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  for (const [name, value] of Object.entries(configs)) {
    const problem = configProblem(name, value)
    if (problem !== null) throw new UsageError('bad-scenario', problem)
  }
  return new Map(Object.entries(configs))
}

function append(
  cluster: SimulatedCluster,
  { topic, partition, key, value, headers = [] }: AppendInput,
): bigint {
  const timestamp = BigInt(cluster.clock.nowMs())
  const log = cluster.topics.log(topic, partition)
  const { logAppendTime } = cluster.topics.get(topic)?.configs.log ?? { logAppendTime: false }
  const record = { timestamp, key, value, headers }
  const [batch] = logAppendTime ? readBatches(encodeBatch({ records: [record] })) : []
  const offset =
    batch === undefined ? log.appendRecord(record) : log.append(stampBatch(batch, timestamp)).baseOffset
  tellAppends(cluster, { topic, partition }, [{ offset, key, value }], { process: null, batch: null })
  log.wake()
  return offset
}

function viewOfTransaction({ state, producerId, producerEpoch, partitions }: Transaction): TransactionView {
  return { state, producerId, producerEpoch, partitions: [...partitions.values()] }
}

function viewOf(coordinators: Coordinators, id: string): GroupView | null {
  const group = coordinators.of(id).group(id)
  if (group === undefined) return null
  return {
    state: group.state,
    generation: group.generation,
    members: group.ownerships(),
  }
}
