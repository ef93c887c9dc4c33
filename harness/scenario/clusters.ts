import { didYouMean } from '../core/did-you-mean.ts'
import { nameInCluster, parsePartitionName, parseTopicInCluster, partitionName } from '../core/names.ts'
import type { ClusterInput, Scenario } from '../core/scenario.ts'
import type { Workload } from '../core/schedule.ts'

const CLUSTER_NAME = /^[a-z][a-z0-9]{0,19}$/
const CLUSTERS_MAX = 4
const ACLS = 'onceover.acls'

/** A scenario with the topics of all its clusters side by side, each named with its cluster. */
export interface FlatScenario extends Scenario {
  readonly topics: NonNullable<Scenario['topics']>
  readonly records: NonNullable<Scenario['records']>
}

/** The same scenario where there is one cluster. */
export function flatScenario(scenario: Scenario): FlatScenario {
  const { clusters, topics = {}, records = {} } = scenario
  if (clusters === undefined) return { ...scenario, topics, records }
  const all = Object.entries(clusters)
  const side = <Value>(of: (each: ClusterInput) => Readonly<Record<string, Value>> = () => ({})) =>
    Object.fromEntries(
      all.flatMap(([cluster, each]) =>
        Object.entries(of(each)).map(([name, value]) => [nameInCluster({ cluster, name }), value] as const),
      ),
    )
  const groups = all.flatMap(([cluster, { groups: its = {} }]) =>
    Object.entries(its).map(([name, begins]) => {
      const offsets = Object.entries(begins).map(
        ([at, offset]) => [partitionIn(cluster, at), offset] as const,
      )
      return [nameInCluster({ cluster, name }), Object.fromEntries(offsets)] as const
    }),
  )
  return {
    ...scenario,
    topics: side((each) => each.topics),
    records: side((each) => each.records ?? {}),
    ...(groups.length === 0 ? {} : { groups: Object.fromEntries(groups) }),
  }
}

/** A text that is no partition's name stays one. */
function partitionIn(cluster: string, at: string): string {
  const { topic, partition } = parsePartitionName(at) ?? {}
  const name = topic ?? at
  const topicInIt = nameInCluster({ cluster, name })
  return partition === undefined ? topicInIt : partitionName({ topic: topicInIt, partition })
}

/** The text of a scenario that gives this topic records. */
export function recordsToWrite(topic: string): string {
  const { cluster, name } = parseTopicInCluster(topic)
  const records = `records: { ${name}: 30 }`
  return cluster === null ? records : `clusters: { ${cluster}: { topics: …, ${records} } }`
}

/** How many brokers there are, as a workload has it. */
export function brokersOf({ brokers = 1, clusters }: Scenario): Pick<Workload, 'brokers' | 'clusters'> {
  if (clusters === undefined) return { brokers }
  const counts = Object.entries(clusters).map(([name, each]) => [name, each.brokers ?? 1] as const)
  return {
    brokers: Math.max(...counts.map(([, count]) => count)),
    clusters: Object.fromEntries(counts.map(([name, count]) => [name, { brokers: count }])),
  }
}

export type BrokerSettings = NonNullable<Scenario['broker']>

/** The brokers' settings in each of several clusters. */
export function settingsOfClusters({
  broker = {},
  clusters = {},
}: Scenario): Readonly<Record<string, BrokerSettings>> {
  return Object.fromEntries(
    Object.entries(clusters).map(([name, its]) => [name, { ...broker, ...its.broker }] as const),
  )
}

/** The settings of all brokers, one entry for each cluster. */
export function brokerSettings(scenario: Scenario): readonly BrokerSettings[] {
  if (scenario.clusters === undefined) return [scenario.broker ?? {}]
  return Object.values(settingsOfClusters(scenario))
}

/** Wrong use of clusters in a scenario, as the end of a sentence, or null. */
export function wrongClusters(scenario: Scenario): string | null {
  const { clusters } = scenario
  if (clusters === undefined) return null
  for (const field of ['topics', 'records', 'groups', 'brokers'] as const)
    if (scenario[field] !== undefined)
      return `has 'clusters' and '${field}'; move '${field}' into one of the clusters`
  const names = Object.keys(clusters)
  const unfit = names.find((name) => !CLUSTER_NAME.test(name))
  if (unfit !== undefined)
    return `has a cluster '${unfit}', which can't be part of its brokers' names; use up to 20 small letters and digits, a letter first`
  if (names.length < 2)
    return `has ${names.length === 0 ? 'no cluster' : `one cluster only, '${names[0]}'`}; write clusters: { a: { topics: … }, b: { topics: … } }, or topics and records without 'clusters' where one is enough`
  if (names.length > CLUSTERS_MAX)
    return `has ${names.length} clusters, and at most ${CLUSTERS_MAX} are possible`
  const guarded = names.find((name) => clusters[name]?.broker?.[ACLS] !== undefined)
  if (guarded !== undefined)
    return `has ACLs in the cluster '${guarded}' alone; write broker: { '${ACLS}': … } beside 'clusters', for all of them`
  return wrongTopicNames(scenario, names)
}

/** Topics that the guarantee names belong to one of the clusters. */
function wrongTopicNames({ guarantee }: Scenario, clusters: readonly string[]): string | null {
  const { deadLetter, outputs = [] } = guarantee.options
  for (const topic of [...(deadLetter === undefined ? [] : [deadLetter]), ...outputs]) {
    const { cluster, name } = parseTopicInCluster(topic)
    if (cluster === null)
      return `names the topic '${topic}' in its guarantee, and has several clusters; write ${clusters.map((each) => `'${nameInCluster({ cluster: each, name })}'`).join(' or ')}`
    if (!clusters.includes(cluster))
      return `names the topic '${topic}' in its guarantee, and has no cluster '${cluster}'; ${didYouMean(cluster, clusters) ?? `its clusters are ${clusters.join(', ')}`}`
  }
  return null
}
