import { keysOf } from '../lists.ts'
/** The properties that all kinds of one family share. */
export interface Family {
  /** Whether a scenario must ask for the family: not every correct consumer survives it. */
  readonly asked?: true
  /** A requirement on the scenario, without which the family's kinds are left out. */
  readonly needs?: 'effects' | 'replicas' | 'acls' | 'services'
  /** A broker may be the actor, not a process alone. */
  readonly atBrokers?: true
}

function families<const Name extends string>(table: Readonly<Record<Name, Family>>): typeof table {
  return table
}

/** The names that a user may list in `faults: [...]`; each stands for one kind or several. */
export const FAMILIES = families({
  crash: {},
  pause: {},
  rebalance: {},
  network: { atBrokers: true },
  broker: { atBrokers: true },
  replication: { needs: 'replicas' },
  unclean: { asked: true },
  handler: {},
  store: { needs: 'effects' },
  poison: { asked: true },
  quota: { asked: true },
  access: { asked: true, needs: 'acls' },
  operator: { asked: true },
  clock: { asked: true },
  service: { needs: 'services' },
})
export type FaultFamily = keyof typeof FAMILIES

/** In the order of the table. */
export const FAMILY_NAMES = keysOf(FAMILIES)

export function familyOf(name: FaultFamily): Family {
  return FAMILIES[name]
}

/** One value for each family. */
export function byFamily<Value>(of: (name: FaultFamily) => Value): Readonly<Record<FaultFamily, Value>> {
  return Object.fromEntries(FAMILY_NAMES.map((name) => [name, of(name)])) as Record<FaultFamily, Value>
}
