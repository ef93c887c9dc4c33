import type { RealFaultWorld } from './world.interface.ts'

/** The node id of the broker of this name, or null. */
export function brokerId(name: string, { cluster }: Pick<RealFaultWorld, 'cluster'>): number | null {
  const [, digits] = /^broker-(\d+)$/.exec(name) ?? []
  return digits !== undefined && cluster.brokers.includes(Number(digits)) ? Number(digits) : null
}
