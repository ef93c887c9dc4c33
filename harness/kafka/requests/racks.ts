import type { ClusterHost } from '../cluster-host.interface.ts'

/** The broker's rack (`broker.rack`: one for each broker, such as `a,b,b`), or null. */
export function rackOf(
  { brokers, settings }: Pick<ClusterHost, 'brokers' | 'settings'>,
  id: number,
): string | null {
  const racks = settings['broker.rack']
  if (racks === '') return null
  const index = brokers.findIndex((broker) => broker.id === id)
  return racks.split(',')[index] || null
}
