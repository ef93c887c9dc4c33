import { parseBrokerName } from '../../core/names.ts'
import type { RealFaultWorld } from './world.interface.ts'

/** The node id of the broker of this name, or null. */
export function brokerId(name: string, { cluster }: Pick<RealFaultWorld, 'cluster'>): number | null {
  const id = parseBrokerName(name)
  return id !== null && cluster.brokers.includes(id) ? id : null
}
