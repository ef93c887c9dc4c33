import type { TranslatedFault } from '../core/confirmation.ts'
import { definitionOf } from '../core/fault.ts'
import { describeFault } from '../core/fault-words.ts'
import type { Scenario } from '../core/scenario.ts'
import type { Schedule } from '../core/schedule.ts'
import { TRANSLATIONS } from './faults/index.ts'
import type { Need, Provider } from './providers/provider.interface.ts'

/** How each fault of the schedule is done. */
export function translated({ faults }: Schedule): TranslatedFault[] {
  return faults.map((fault) => {
    const { grade, means } = TRANSLATIONS[fault.kind]
    return { fault: describeFault(fault), grade, means }
  })
}

/**
 * The part of this schedule that can't be done on a cluster of this provider, in one sentence, or
 * null.
 */
export function obstacle(
  { faults, workload }: Schedule,
  settings: Readonly<Record<string, unknown>>,
  provider: Pick<Provider, 'name' | 'cannot'>,
): string | null {
  if (workload.clusters !== undefined)
    return `the scenario has ${Object.keys(workload.clusters).length} clusters, and a replay there is of one`
  for (const { kind } of faults) {
    const { grade, means, needs = [] } = TRANSLATIONS[kind]
    if (grade === 'not applicable') return `${kind} has no counterpart there: ${means}`
    for (const need of needs) {
      const cannot = provider.cannot(need)
      if (cannot !== null) return `${kind} needs more than '${provider.name}' can do: ${cannot}`
    }
  }
  for (const [name, { startOffset }] of Object.entries(workload.topics))
    if (BigInt(startOffset) !== 0n)
      return `the log of ${name} begins at ${startOffset}, and a real one begins at 0`
  const demanded = neededFor(settings)
  const cannot = demanded === null ? null : provider.cannot(demanded)
  return cannot === null
    ? null
    : `the scenario's 'broker' settings need more than '${provider.name}' can do: ${cannot}`
}

/** The sockets of a replay's services speak no TLS. */
export function obstacleOfServices({ services = {} }: Pick<Scenario, 'services'>): string | null {
  const names = Object.keys(services).filter((name) => name.startsWith('https:'))
  return names.length === 0
    ? null
    : `${names.join(', ')} would have to speak TLS there; name it http:// to have it tried`
}

/** How many brokers a real cluster needs for it. */
export function brokersFor({ faults, workload }: Schedule): number {
  return Math.max(workload.brokers, ...faults.map(({ kind }) => TRANSLATIONS[kind].brokersMin ?? 1))
}

/** Whether sessions may be shortened without changing what the schedule means. */
export function mayHurry({ faults }: Schedule): boolean {
  return !faults.some(({ kind }) => definitionOf(kind).spansSessions === true)
}

function neededFor(settings: Readonly<Record<string, unknown>>): Need | null {
  const names = Object.keys(settings)
  if (names.some((name) => name.startsWith('onceover.acls'))) return 'acls'
  return names.length > 0 ? 'settings' : null
}
