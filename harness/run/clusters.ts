import { clustersOf } from '../core/clusters.ts'
import { UsageError } from '../core/errors.ts'
import type { Observer } from '../core/history.ts'
import { BROKER_PORT, brokerName, serviceAddress } from '../core/names.ts'
import type { AppContext } from '../core/scenario.ts'
import type { Workload } from '../core/schedule.ts'
import type { Chance } from '../core/seed.ts'
import {
  type BrokerAddress,
  type Cluster,
  type ClusterAdmin,
  type ClusterOptions,
  createCluster,
} from '../kafka/index.ts'
import { observationNamed } from './cluster-names.ts'
import { type AdminOfCluster, adminOfAll } from './clusters-admin.ts'

export interface ClustersOptions extends Omit<ClusterOptions, 'brokers' | 'settings' | 'id' | 'chance'> {
  readonly workload: Pick<Workload, 'brokers' | 'clusters'>
  readonly chance: Chance
  /** Of the only cluster. */
  readonly settings: NonNullable<ClusterOptions['settings']>
  /** Of each of several. */
  readonly settingsOfClusters: Readonly<Record<string, NonNullable<ClusterOptions['settings']>>>
}

interface RunningCluster {
  /** Null: it is the only one. */
  readonly name: string | null
  readonly cluster: Cluster
  /** Its brokers are numbered from here on among those of all clusters. */
  readonly firstBroker: number
}

/** Producer ids of clusters are apart, as if each had given many to others before. */
const PRODUCER_IDS = 1_000_000

/**
 * The Kafka clusters of a run. Where there are several, each tells of its topics, groups and
 * transactions by names with its own: `b:orders`.
 */
export class Clusters {
  readonly admin: ClusterAdmin
  readonly #all: readonly [RunningCluster, ...RunningCluster[]]

  constructor(options: ClustersOptions) {
    const all: RunningCluster[] = []
    let firstBroker = 0
    for (const { name, brokers } of clustersOf(options.workload)) {
      all.push({ name, firstBroker, cluster: started(options, { name, brokers, index: all.length }) })
      firstBroker += brokers
    }
    const [first, ...others] = all
    if (first === undefined) throw new RangeError('a run without a cluster')
    this.#all = [first, ...others]
    this.admin =
      first.name === null ? first.cluster.admin : adminOfAll([adminOf(first), ...others.map(adminOf)])
  }

  /** Each broker, with the cluster that it is one of. */
  *brokers(): Generator<{ readonly cluster: Cluster; readonly address: BrokerAddress }> {
    for (const { cluster } of this.#all) for (const address of cluster.brokers) yield { cluster, address }
  }

  /** The names of several; empty: there is one, which has none. */
  get names(): readonly string[] {
    return this.#all.flatMap(({ name }) => (name === null ? [] : [name]))
  }

  /** Its number among the brokers of all clusters, by its name; null: there is none. */
  broker(host: string): number | null {
    for (const { cluster, firstBroker } of this.#all) {
      const found = cluster.brokers.find((each) => each.host === host)
      if (found !== undefined) return firstBroker + found.id
    }
    return null
  }

  /**
   * The cluster, of several, to which clients with these bootstrap addresses connect.
   * @throws UsageError `unsupported-in-simulation` where they are of none, or of two
   */
  named(bootstrap: readonly string[], process: string): string {
    const found = this.#all.filter(({ cluster }) =>
      cluster.brokers.some(({ host, port }) => bootstrap.includes(serviceAddress({ host, port }))),
    )
    const [only, ...others] = found
    if (only?.name != null && others.length === 0) return only.name
    const given = bootstrap.length === 0 ? 'an unknown address' : bootstrap.join(', ')
    throw new UsageError(
      'unsupported-in-simulation',
      `${process} has a consumer at ${given}, and the clusters ${this.names.join(', ')} are elsewhere, or it is of two of them; connect each client to one, with context.clusters.${this.names[0]}.brokers`,
    )
  }

  /** Where they are, as apps are told: `brokers` of the only one, else `clusters`. */
  get addresses(): Pick<AppContext, 'brokers' | 'clusters'> {
    const addressesOf = (of: Cluster): string[] => of.brokers.map(serviceAddress)
    if (this.names.length === 0) return { brokers: addressesOf(this.#all[0].cluster), clusters: {} }
    const clusters = Object.fromEntries(
      this.#all.map(({ name, cluster }) => [name ?? '', { brokers: addressesOf(cluster) }]),
    )
    return { brokers: [], clusters }
  }

  dispose(): void {
    for (const { cluster } of this.#all) cluster.dispose()
  }
}

function started(
  { workload: _, chance, observer, settings, settingsOfClusters, ...options }: ClustersOptions,
  {
    name,
    brokers,
    index,
  }: { readonly name: string | null; readonly brokers: number; readonly index: number },
): Cluster {
  const addresses = Array.from({ length: brokers }, (_broker, id) => ({
    id,
    host: brokerName(id, name),
    port: BROKER_PORT,
  }))
  if (name === null) return createCluster({ ...options, brokers: addresses, chance, observer, settings })
  const naming: Observer = { observe: (seen) => observer.observe(observationNamed(name, seen)) }
  return createCluster({
    ...options,
    brokers: addresses,
    chance: chanceOf(chance, name),
    observer: naming,
    settings: settingsOfClusters[name] ?? settings,
    id: { cluster: `onceover-${name}`, firstProducer: BigInt(1_000 + PRODUCER_IDS * index) },
  })
}

/** Two clusters draw different members, topics and sessions. */
function chanceOf(chance: Chance, name: string): Chance {
  return {
    stream: (each) => chance.stream(`${name}/${each}`),
    branch: (seed) => chance.branch(seed),
  }
}

function adminOf({ name, cluster, firstBroker }: RunningCluster): AdminOfCluster {
  return { cluster: name ?? '', admin: cluster.admin, firstBroker }
}
