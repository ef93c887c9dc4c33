/** Runs in a child process: the user's app on the real client, observed as in a simulation. */
import { observeAssertions } from '../../clients/assertions.ts'
import type { ClientPort } from '../../clients/client.interface.ts'
import { clientAdapters } from '../../clients/index.ts'
import { appOf } from '../../core/processes.ts'
import type { AppContext } from '../../core/scenario.ts'
import { scenarioApps } from '../../scenario/apps.ts'
import { loadScenarioFile } from '../../scenario/load.ts'
import { loadOwnModules } from '../../sim/modules.ts'
import { childContext } from './child-context.ts'
import { HarnessSide } from './harness-side.ts'
import type { ChildApp, EffectPlan, Setup } from './messages.ts'
import { routeServices } from './service-routes.ts'

const harness = new HarnessSide()
const setup = harness.ask({ kind: 'setup' }) as Setup

const port: ClientPort = {
  process: { name: setup.instance, incarnation: setup.incarnation, alive: true },
  severalClusters: false,
  ofCluster: () => port,
  named: (records) => records,
  uses: () => {},
  observe: (observation) => void harness.ask({ kind: 'observe', observation }),
  believes: (group, memberId, partitions) =>
    void harness.ask({ kind: 'believes', group, memberId, partitions }),
  handlerStart(group, records, batch) {
    const { error, ...delays } = harness.ask({ kind: 'handler-start', group, records, batch }) as EffectPlan
    return {
      ...delays,
      error: error === null ? null : Object.assign(new Error(error), { name: 'InjectedHandlerError' }),
    }
  },
  handlerEnd: (group, records, batch, undone) =>
    void harness.ask({ kind: 'handler-end', group, records, batch, ...(undone && { undone }) }),
  handlerFailure(group, records, batch, error) {
    harness.ask({ kind: 'handler-failure', group, records, batch, error: textOf(error) })
  },
  resolved: (group, record) => void harness.ask({ kind: 'resolved', group, record }),
  sleep: (durationUs) => new Promise((resolve) => setTimeout(resolve, durationUs / 1000)),
}

const origins = { uncaughtException: 'uncaught exception', unhandledRejection: 'unhandled rejection' }
process.on('uncaughtExceptionMonitor', (error, origin) => {
  harness.ask({ kind: 'uncaught', reason: `${origins[origin]}: ${textOf(error)}` })
})

observeAssertions(() => port)
routeServices(setup.routes)
const main = await mainOf(setup.app)
harness.ask({ kind: 'ready' })
await main(childContext(harness, setup))

/** Its imports are resolved, and its copy of the client observed, as in a simulation. */
async function mainOf(app: ChildApp): Promise<(context: AppContext) => unknown> {
  if ('scenario' in app) {
    observeClients(app.file)
    const loaded = await loadScenarioFile(app.file)
    const { scenario } = loaded.find((each) => each.scenario.name === app.scenario) ?? {}
    const apps = scenario === undefined ? [] : scenarioApps(scenario)
    const its = apps.find(({ name }) => name === appOf(setup.instance))
    if (typeof its?.app === 'function') return its.app
    throw new Error(`there is no scenario '${app.scenario}' with an app in ${app.file}`)
  }
  observeClients(app.module)
  const shared = clientAdapters.map((adapter) => adapter.name)
  const prepared = await loadOwnModules(app.module, { shared })
  return async (context) => {
    const { default: start } = await prepared.instantiate()
    if (typeof start === 'function') await (start as (context: AppContext) => unknown)(context)
  }
}

function observeClients(fromFile: string): void {
  for (const adapter of clientAdapters) adapter.observe(fromFile, () => port)
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
