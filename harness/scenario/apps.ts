import { DEFAULT_APP } from '../core/names.ts'
import type { WorkloadApp } from '../core/processes.ts'
import type { App, AppProcesses, Scenario } from '../core/scenario.ts'

const PROCESSES_DEFAULT = 2
const APP_NAME = /^[a-z][a-z0-9-]*$/
/** Hosts of the simulation's own. */
const OURS: ReadonlySet<string> = new Set(['broker', 'store', 'localhost'])

/** An app of a scenario, by the name that its processes have. */
export interface ScenarioApp {
  readonly name: string
  readonly app: App
  readonly env: Readonly<Record<string, string>>
}

/** The apps in the order in which they stand there; the short form is one, `consumer`. */
export function scenarioApps({ app, apps = {} }: Pick<Scenario, 'app' | 'apps'>): readonly ScenarioApp[] {
  if (app !== undefined) return [{ name: DEFAULT_APP, app, env: {} }]
  return Object.entries(apps).map(([name, each]) => {
    const { env = {} } = each
    if ('main' in each) return { name, app: each.main, env }
    const { module, sharedPackages } = each
    return { name, app: { module, ...(sharedPackages === undefined ? {} : { sharedPackages }) }, env }
  })
}

/** How many processes there are, as a workload has it. */
export function processesOf({ app, apps = {}, consumers = PROCESSES_DEFAULT }: Scenario): {
  readonly consumers: number
  readonly apps?: Readonly<Record<string, WorkloadApp>>
} {
  if (app !== undefined) return { consumers }
  const counts = Object.entries(apps).map(([name, { processes = 1 }]) => [name, limits(processes)] as const)
  return {
    consumers: counts.reduce((sum, [, each]) => sum + each.processes, 0),
    apps: Object.fromEntries(counts),
  }
}

function limits(processes: AppProcesses): WorkloadApp {
  if (typeof processes === 'number') return { processes, atLeast: processes, atMost: processes }
  const { atLeast, atMost } = processes
  return { processes: Math.max(atLeast, Math.min(atMost, PROCESSES_DEFAULT)), atLeast, atMost }
}

/** Wrong use of apps in a scenario, as the end of a sentence, or null. */
export function wrongApps({ app, apps, consumers, services = {} }: Scenario): string | null {
  if (apps === undefined)
    return app === undefined ? "has no app; write app: { module: './consumer.ts' }" : null
  if (app !== undefined || consumers !== undefined)
    return `has 'apps' and '${app === undefined ? 'consumers' : 'app'}'; give each app its own 'processes' and leave out the other`
  const names = Object.keys(apps)
  if (names.length === 0)
    return "has no app; write apps: { orders: { module: './orders.ts', processes: 2 }, relay: { module: './relay.ts' } }"
  const unfit = names.find((name) => !APP_NAME.test(name) || OURS.has(name))
  if (unfit !== undefined)
    return `has an app '${unfit}', which is no name of a host that it may have; use small letters, digits and '-'`
  const loose = Object.entries(apps).find(
    ([, { processes }]) => typeof processes === 'object' && processes.atLeast > processes.atMost,
  )
  if (loose !== undefined)
    return `wants at least more processes of '${loose[0]}' than at most; write processes: { atLeast: 1, atMost: 3 }`
  const zoned = Object.entries(apps).find(([, { env = {} }]) => 'TZ' in env)
  if (zoned !== undefined)
    return `has a time zone of '${zoned[0]}' alone, and all processes have the same one; write env: { TZ } beside 'apps'`
  const host = Object.keys(services).find((each) => names.some((name) => isProcessOf(name, each)))
  return host === undefined
    ? null
    : `has a service '${host}', which is the name of a process; rename one of them`
}

function isProcessOf(app: string, host: string): boolean {
  return host.startsWith(`${app}-`) && /^\d+(?::|$)/.test(host.slice(app.length + 1))
}
