import { UsageError } from '../core/errors.ts'
import { definitionOf, FAULT_FAMILIES, type FaultFamily, type FaultKind } from '../core/fault.ts'
import { FAMILY_NAMES, type Family, familyOf } from '../core/faults/families.ts'
import type { Scenario } from '../core/scenario.ts'
import type { ObservedApp } from '../run/run.interface.ts'
import { brokerSettings, brokersOf, flatScenario } from './clusters.ts'

/** The families that a correct consumer of any model must survive. */
const DEFAULT: readonly FaultFamily[] = FAMILY_NAMES.filter((name) => familyOf(name).asked !== true)

/**
 * The kinds that schedules of this scenario may have: those that it names, or the defaults,
 * without those that would have nothing to act on.
 * @throws UsageError `bad-scenario` where it names a fault of ACLs and has none
 */
export function faultKindsOf(
  scenario: Scenario,
  { reportsEffects, usesStore }: Pick<ObservedApp, 'reportsEffects' | 'usesStore'>,
): FaultKind[] {
  const wanted = scenario.faults ?? DEFAULT
  demandAcls(scenario, wanted)
  const has: Readonly<Record<NonNullable<Family['needs']>, boolean>> = {
    effects: reportsEffects,
    // A scenario that asks for them nevertheless has them skipped and counted.
    replicas: isReplicated(scenario) || scenario.faults !== undefined,
    acls: true,
    services: usesStore || Object.keys(scenario.services ?? {}).length > 0,
  }
  return [...new Set(wanted.flatMap(kindsOf))].filter((kind) => {
    const needs = needsOf(kind)
    return needs === undefined || has[needs]
  })
}

/** The ACLs that can be taken away. */
export function aclsOf({ broker = {} }: Scenario): readonly string[] {
  const acls = String(broker['onceover.acls'] ?? '').split(';')
  return acls.map((acl) => acl.trim()).filter((acl) => acl.startsWith('allow '))
}

function demandAcls(scenario: Scenario, wanted: readonly (FaultFamily | FaultKind)[]): void {
  const needless = wanted.find((name) => kindsOf(name).every((kind) => needsOf(kind) === 'acls'))
  if (needless === undefined || aclsOf(scenario).length > 0) return
  throw new UsageError(
    'bad-scenario',
    `the scenario '${scenario.name}' asks for the fault '${needless}' and has no ACL to take away; write broker: { 'onceover.acls': 'allow User:ANONYMOUS Read Topic orders; allow User:ANONYMOUS Read Group billing' }`,
  )
}

function kindsOf(name: FaultFamily | FaultKind): readonly FaultKind[] {
  return isFamily(name) ? FAULT_FAMILIES[name] : [name]
}

function isFamily(name: FaultFamily | FaultKind): name is FaultFamily {
  return name in FAULT_FAMILIES
}

function needsOf(kind: FaultKind): Family['needs'] {
  return familyOf(definitionOf(kind).family).needs
}

/** Whether partitions have several replicas. */
function isReplicated(scenario: Scenario): boolean {
  const { brokers } = brokersOf(scenario)
  return brokerSettings(scenario).some(
    (each) => Math.min(brokers, Number(each['default.replication.factor'] ?? 1)) > 1,
  )
}

/** Whether some partition can have fewer in-sync replicas than it must have to be written to. */
export function canLackReplicas(scenario: Scenario): boolean {
  const { topics } = flatScenario(scenario)
  const ofTopics = Object.values(topics).map(({ configs = {} }) => configs[MIN_INSYNC])
  const ofBrokers = brokerSettings(scenario).map((each) => each[MIN_INSYNC])
  return [...ofBrokers, ...ofTopics].some((least) => Number(least ?? 1) > 1)
}

const MIN_INSYNC = 'min.insync.replicas'
