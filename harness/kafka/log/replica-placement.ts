import type { ClusterHost } from '../cluster-host.interface.ts'

/** Broker ids of the replicas of one partition, the preferred leader first. */
export type Assignment = readonly number[]

type Brokers = Pick<ClusterHost, 'brokers' | 'isUp'>

/** Partition n goes to broker n modulo brokers, its other replicas to those that follow; to those that are down last. */
export function placeReplicas(
  cluster: Brokers,
  { first, count, factor }: { readonly first: number; readonly count: number; readonly factor: number },
): readonly Assignment[] {
  const isUp = (id: number): boolean => cluster.isUp(id)
  const ids = cluster.brokers.map(({ id }) => id)
  return Array.from({ length: count }, (_, partition) => {
    const from = (first + partition) % ids.length
    const inTurn = [...ids.slice(from), ...ids.slice(0, from)]
    return [...inTurn.filter(isUp), ...inTurn.filter((id) => !isUp(id))].slice(0, factor)
  })
}

/** Whether the controller takes this assignment by hand: brokers that there are, each once. */
export function isAssignment(assigned: Assignment, { brokers }: Pick<Brokers, 'brokers'>): boolean {
  const known = assigned.every((broker) => brokers.some(({ id }) => id === broker))
  return known && assigned.length > 0 && new Set(assigned).size === assigned.length
}

/** Whether it takes it for partitions that are new, which must have a leader. */
export function isAssignable(assigned: Assignment, cluster: Brokers): boolean {
  return isAssignment(assigned, cluster) && assigned.some((broker) => cluster.isUp(broker))
}
