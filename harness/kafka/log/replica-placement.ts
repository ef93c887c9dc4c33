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

/** Whether the controller takes this assignment by hand: of brokers that there are, one of which is up. */
export function isAssignable(assigned: Assignment, cluster: Brokers): boolean {
  const known = assigned.every((broker) => cluster.brokers.some(({ id }) => id === broker))
  const once = new Set(assigned).size === assigned.length
  return known && once && assigned.some((broker) => cluster.isUp(broker))
}
