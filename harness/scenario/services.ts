import path from 'node:path'
import { UsageError } from '../core/errors.ts'
import type { EffectsOfService, Scenario } from '../core/scenario.ts'
import { type Service, type ServiceErrorCode, STORE_ERRORS, STORE_NAME } from '../core/service.ts'
import type { ObservedApp } from '../run/run.interface.ts'
import type { ReadyService } from '../run/services.ts'

export interface PreparedServices {
  readonly ready: readonly ReadyService[]
  /** Remarks that a reader of the verdict needs, a sentence each. */
  readonly remarks: readonly string[]
  /** By their names, of those that tell it. */
  readonly versions: Readonly<Record<string, string>>
}

/** A host's name, perhaps a port behind it, and before it perhaps what stands for one. */
const ADDRESS = /^(?:(https?):\/\/)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?$/i
const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 }
const OURS = /^(?:broker|consumer)-\d+(?:\.[a-z]\w*)?$|^localhost$|^store$/

/** Gets the services of a scenario ready, in the order in which they stand there. */
export async function prepareServices(scenario: Scenario, base: string): Promise<PreparedServices> {
  const ready: ReadyService[] = []
  const remarks: string[] = []
  const versions: Record<string, string> = {}
  for (const [key, service] of Object.entries(scenario.services ?? {})) {
    const { host, port } = addressOf(key, service)
    const about = await service.prepare?.({ name: host, folder: path.dirname(base) })
    remarks.push(...(about?.remarks ?? []))
    if (about?.version !== undefined) versions[host] = about.version
    ready.push({ name: host, host, port, service })
  }
  return { ready, remarks, versions }
}

/** Lets go of what the services of a scenario were prepared with. */
export function releaseServices({ services = {} }: Pick<Scenario, 'services'>): void {
  for (const service of Object.values(services)) service.release?.()
}

/** The errors of its own that each service, and the store, can be made to answer. */
export function errorsOf(
  services: readonly ReadyService[],
  { usesStore }: Pick<ObservedApp, 'usesStore'>,
): Record<string, readonly ServiceErrorCode[]> {
  const errors = services.map(({ name, service }) => [name, service.errors ?? []] as const)
  return Object.fromEntries(usesStore ? [...errors, [STORE_NAME, STORE_ERRORS] as const] : errors)
}

/** Where effects stand, if the scenario says so, by the bare name of the service. */
export function effectsOfService({ effects }: Scenario): EffectsOfService | null {
  if (typeof effects !== 'object') return null
  return { ...effects, from: hostOf(effects.from) }
}

/** Wrong use of services in a scenario, as the end of a sentence, or null. */
export function wrongServices({ services = {}, effects, identity }: Scenario): string | null {
  const names = Object.keys(services)
  const unfit = names.find((name) => !ADDRESS.test(name) || OURS.test(hostOf(name)))
  if (unfit !== undefined)
    return `has a service '${unfit}', which is no name of a host that it may have; write services: { db: postgres(…) }, or 'db:5432', or 'https://mail.example'`
  const hosts = names.map(hostOf)
  const twice = hosts.find((host, index) => hosts.indexOf(host) !== index)
  if (twice !== undefined) return `has two services at the host '${twice}'; give each a name of its own`
  if (typeof effects !== 'object') return null
  const from = names.find((name) => hostOf(name) === hostOf(effects.from))
  if (from === undefined)
    return `has effects from '${effects.from}', and its services are ${names.join(', ') || 'none'}; name one of them`
  if (services[from]?.ask === undefined)
    return `has effects from '${effects.from}', a service that can't be asked for what stands in it; name a database`
  if (identity === undefined && /\bidentity\b/i.test(effects.query))
    return `has a query that gives 'identity', and no 'identity' to compare it with; write identity: ({ value }) => JSON.parse(value ?? '').orderId`
  return null
}

function addressOf(key: string, { port }: Service): { readonly host: string; readonly port: number } {
  const [, scheme = '', host, given] = ADDRESS.exec(key) ?? []
  if (host === undefined) throw new UsageError('bad-scenario', `'${key}' is no address of a service`)
  return { host, port: given === undefined ? (PORTS[scheme] ?? port) : Number(given) }
}

function hostOf(key: string): string {
  return ADDRESS.exec(key)?.[2] ?? key
}
