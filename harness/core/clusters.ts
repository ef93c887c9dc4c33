import { brokerName, clusterOfBroker } from './names.ts'

/** The clusters of a workload, as far as faults and searches know them. */
export interface ClustersOf {
  /** Of the cluster; where there are several, of the largest. */
  readonly brokers: number
  /** By name, where there are several; absent: one cluster, which has no name. */
  readonly clusters?: Readonly<Record<string, WorkloadCluster>> | undefined
}

export interface WorkloadCluster {
  readonly brokers: number
}

/** Each cluster with its name; null: the only one. */
export function clustersOf({
  brokers,
  clusters,
}: ClustersOf): readonly { readonly name: string | null; readonly brokers: number }[] {
  if (clusters === undefined) return [{ name: null, brokers }]
  return Object.entries(clusters).map(([name, each]) => ({ name, brokers: each.brokers }))
}

/** The other brokers of this one's cluster. */
export function brokersBeside(broker: string, around: ClustersOf): readonly string[] {
  const cluster = clusterOfBroker(broker)
  const { brokers = 0 } = clustersOf(around).find(({ name }) => name === cluster) ?? {}
  return Array.from({ length: brokers }, (_, id) => brokerName(id, cluster)).filter((each) => each !== broker)
}

/** One broker less in the largest cluster, or null where each has one. */
export function withoutBrokerOf<Each extends ClustersOf>(workload: Each): Each | null {
  const { brokers, clusters } = workload
  if (brokers < 2) return null
  if (clusters === undefined) return { ...workload, brokers: brokers - 1 }
  const fewer = Object.entries(clusters).map(
    ([name, each]) => [name, { ...each, brokers: Math.min(each.brokers, brokers - 1) }] as const,
  )
  return { ...workload, brokers: brokers - 1, clusters: Object.fromEntries(fewer) }
}
