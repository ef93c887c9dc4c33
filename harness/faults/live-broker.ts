import { skipped } from './outcome.ts'
import type { FaultWorld } from './world.interface.ts'

/**
 * The broker of this name, or why nothing can be done to it: it is not there, it is down, or each
 * partition has fewer copies than it takes.
 */
export function liveBroker(
  target: string,
  world: FaultWorld,
  { copies = 1 }: { readonly copies?: 1 | 2 } = {},
): { readonly id: number } | { readonly skipped: string } {
  const { cluster } = world
  const id = world.broker(target)
  if (id === null) return skipped(`there is no ${target}`)
  if (!cluster.isUp(id)) return skipped(`${target} was down already`)
  if (cluster.replicationFactor < copies) return skipped('there is one copy of everything')
  return { id }
}
