import { definitionOf, type FaultKind } from '../core/fault.ts'
import type { ClientAdapter } from './client.interface.ts'

/** Why faults of this kind cannot be done to an app on these clients, or null where they can. */
export function whyImpossible(
  kind: FaultKind,
  clients: readonly Pick<ClientAdapter, 'cannot'>[],
): string | null {
  const { through } = definitionOf(kind)
  if (through === undefined) return null
  return clients.map(({ cannot }) => cannot[through]).find((why) => why !== undefined) ?? null
}
