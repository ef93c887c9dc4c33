import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { observeAssertions } from '../clients/assertions.ts'
import { type ClientAdapter, simulatedPort } from '../clients/client.interface.ts'
import { whyImpossible } from '../clients/impossible.ts'
import { clientAdapters } from '../clients/index.ts'
import type { ExpectedAssertion } from '../core/assertion.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { UsageError } from '../core/errors.ts'
import { TIME_ZONE_DEFAULT } from '../core/locale.ts'
import { parseTopicInCluster } from '../core/names.ts'
import type { OutputLine } from '../core/output.ts'
import { appOf } from '../core/processes.ts'
import type { AppContext, Scenario } from '../core/scenario.ts'
import type { ObservedApp, PreparedScenario, RunOptions, RunResult } from '../run/run.interface.ts'
import { type RunPlan, runSchedule } from '../run/run.ts'
import type { ReadyService } from '../run/services.ts'
import { prepareModule } from '../sim/modules.ts'
import { type ScenarioApp, scenarioApps } from './apps.ts'
import { flatScenario, recordsToWrite, settingsOfClusters } from './clusters.ts'
import { defineScenario, demandRecords } from './define.ts'
import { expectedAssertions } from './expected-assertions.ts'
import { expiriesOf } from './expiries.ts'
import { aclsOf, canLackReplicas, faultKindsOf } from './fault-kinds.ts'
import { demandIdentity } from './identity.ts'
import { shownPath } from './load.ts'
import { demandNamedTopics } from './named-topics.ts'
import { effectsOfService, errorsOf, prepareServices } from './services.ts'
import { waitingCounted } from './waiting.ts'
import {
  effectsOfRecord,
  silentGroups,
  topicsToRead,
  unknownCopies,
  unreadTopics,
  whatCounts,
} from './what-counts.ts'
import { drawnValues, drawWorkload } from './workload.ts'

export interface PrepareOptions {
  /**
   * Absolute path of the scenario's file; relative `module` paths start there. Null: the working
   * directory.
   */
  readonly file: string | null
  /** Asked during the run without faults: true ends it, and `RunStopped` is thrown. */
  readonly stop?: () => boolean
}

/**
 * Checks a scenario, loads what it needs once, and runs it without faults to learn which topics it
 * consumes and whether it reports effects by itself.
 * @throws UsageError where the scenario is wrong, its app throws when it starts, or it never
 * consumes.
 */
export async function prepareScenario(
  input: Scenario,
  { file, stop = () => false }: PrepareOptions,
): Promise<PreparedScenario> {
  const { scenario, appFile, installed, app, services } = await loadParts(input, file)
  const {
    plan,
    app: seen,
    remarks,
  } = await probe(scenario, app, services.ready, stop).catch((error: unknown) => {
    throw bundledOnly(installed) && isNeverConsumes(error) ? missingClient(appFile, error) : error
  })
  const used = installed.filter(({ adapter }) => seen.clients.includes(adapter.name))
  const asked = faultKindsOf(scenario, {
    reportsEffects: plan.setting.effects === 'reported' && plan.effectsOfService === null,
    usesStore: seen.usesStore,
  })
  const impossible = asked.flatMap((kind) => {
    const why = whyImpossible(
      kind,
      used.map(({ adapter }) => adapter),
    )
    return why === null ? [] : [{ kind, why }]
  })
  return {
    name: scenario.name,
    file,
    guarantee: scenario.guarantee,
    faultKinds: asked.filter((kind) => !impossible.some((each) => each.kind === kind)),
    impossible,
    acls: aclsOf(scenario),
    wire: { ...seen.wire, awaitsReplicas: seen.wire.awaitsReplicas && canLackReplicas(scenario) },
    expiriesMs: expiriesOf(scenario),
    consumed: plan.setting.consumed,
    remarks: [...services.remarks, ...remarks],
    services: services.ready,
    serviceVersions: services.versions,
    serviceErrors: errorsOf(services.ready, seen),
    assertions: app.assertions,
    setting: plan.setting,
    workload: (seed) => drawWorkload(scenario, seed),
    values: (seed) => drawnValues(scenario, seed),
    run: (schedule, options) => runSchedule(plan, schedule, options),
    timings: (used[0] ?? installed[0]).adapter.timings,
    client: used.map(({ adapter, version }) => `${adapter.name} ${version}`).join(', '),
    timeZone: scenario.env?.['TZ'] ?? TIME_ZONE_DEFAULT,
  }
}

/** Facts of a scenario that a run without faults tells, as plain data. */
export type Learnt = Pick<RunPlan['setting'], 'effects' | 'effectsOfRecord' | 'consumed'>

/**
 * The runs of a scenario that was prepared before, elsewhere: nothing is learnt again.
 * @throws UsageError where the scenario or its app can't be loaded
 */
export async function prepareRuns(
  input: Scenario,
  { file, learnt }: PrepareOptions & { readonly learnt: Learnt },
): Promise<Pick<PreparedScenario, 'run'>> {
  const { scenario, app, services } = await loadParts(input, file)
  const plan = planOf(scenario, app, services.ready, learnt)
  return { run: (schedule, options) => runSchedule(plan, schedule, options) }
}

interface ScenarioParts {
  readonly scenario: Scenario
  readonly appFile: string
  readonly installed: ReturnType<typeof installClients>
  readonly app: LoadedApp
  readonly services: Awaited<ReturnType<typeof prepareServices>>
}

async function loadParts(input: Scenario, file: string | null): Promise<ScenarioParts> {
  const scenario = defineScenario(input)
  const base = file ?? path.join(process.cwd(), 'scenario.ts')
  const apps = scenarioApps(scenario).map((each) => ({ ...each, file: appFileOf(each, base) }))
  const installed = installClients([...new Set(apps.map(({ file: from }) => from))])
  const app = await loadApps(scenario, apps)
  const [{ file: appFile }] = apps as [AppWithFile]
  return { scenario, appFile, installed, app, services: await prepareServices(scenario, base) }
}

/** An app, and the file from which its packages are looked for. */
interface AppWithFile extends ScenarioApp {
  readonly file: string
}

function appFileOf({ app }: ScenarioApp, base: string): string {
  return typeof app === 'function' ? base : resolveModule(app.module, base)
}

function resolveModule(module: string, base: string): string {
  if (module.startsWith('file:')) return fileURLToPath(module)
  return path.resolve(path.dirname(base), module)
}

interface InstalledClient {
  readonly adapter: ClientAdapter
  readonly version: string
}

function installClients(appFiles: readonly string[]): readonly [InstalledClient, ...InstalledClient[]] {
  observeAssertions(simulatedPort)
  const found: InstalledClient[] = []
  for (const adapter of clientAdapters) {
    for (const appFile of appFiles) {
      const version = adapter.observe(appFile, simulatedPort)
      if (version === null) continue
      adapter.simulate(appFile)
      if (!found.some((each) => each.adapter === adapter)) found.push({ adapter, version })
    }
  }
  const [first, ...others] = found
  if (first === undefined) throw missingClient(appFiles[0] ?? '', null)
  return [first, ...others]
}

const BUNDLED = 'onceover/'

/** No client is there but that of this package. */
function bundledOnly(installed: readonly InstalledClient[]): boolean {
  return installed.every(({ adapter }) => adapter.name.startsWith(BUNDLED))
}

function isNeverConsumes(error: unknown): boolean {
  return error instanceof UsageError && error.code === 'app-never-consumes'
}

function missingClient(appFile: string, cause: unknown): UsageError {
  const names = clientAdapters.map(({ name }) => name).filter((name) => !name.startsWith(BUNDLED))
  return new UsageError(
    'missing-client',
    `no supported Kafka client can be loaded from ${appFile}; type: npm install ${names.join(' or npm install ')}`,
    { cause },
  )
}

interface LoadedApp {
  readonly main: (context: AppContext) => unknown
  /** The text of the user's own code. */
  readonly source: string
  readonly assertions: readonly ExpectedAssertion[]
  /** Where a process of it waits that has never got through its start; null: nowhere. */
  readonly waitsIn: () => string | null
  /** A function that its module exports by name, where it has no default export; null: none. */
  readonly uncalled: () => string | null
}

/** The apps as one: which of them runs is told by the process's name. */
async function loadApps(scenario: Scenario, apps: readonly AppWithFile[]): Promise<LoadedApp> {
  const loaded = new Map<string, LoadedApp>()
  for (const each of apps) loaded.set(each.name, await loadApp(scenario.name, each))
  const all = [...loaded.values()]
  const assertions = all.flatMap((each) => each.assertions)
  return {
    main: (context) => loaded.get(appOf(context.instance))?.main(context),
    source: all.map(({ source }) => source).join('\n'),
    assertions: assertions.filter(
      ({ message }, index) => assertions.findIndex((each) => each.message === message) === index,
    ),
    waitsIn: () => all.map(({ waitsIn }) => waitsIn()).find((place) => place !== null) ?? null,
    uncalled: () => all.map(({ uncalled }) => uncalled()).find((each) => each !== null) ?? null,
  }
}

async function loadApp(name: string, { app, file: appFile }: AppWithFile): Promise<LoadedApp> {
  if (typeof app === 'function') {
    const start = waitingCounted(app)
    const waitsIn = (): string | null => (start.waiting > 0 ? 'main()' : null)
    return { main: start.run, source: String(app), assertions: [], waitsIn, uncalled: () => null }
  }
  const shared = [...clientAdapters.map((each) => each.name), ...(app.sharedPackages ?? [])]
  const prepared = await prepareModule(appFile, { shared }).catch((error: unknown) => {
    throw new UsageError(
      'app-failed-to-load',
      `the app of '${name}' could not be loaded from ${pathToFileURL(appFile).href}: ${textOf(error)}`,
      { cause: error },
    )
  })
  const load = waitingCounted(prepared.instantiate)
  let uncalled: string | null = null
  const start = waitingCounted(async (context: AppContext) => {
    const exported = await load.run()
    const { default: main } = exported
    if (typeof main === 'function') await (main as (context: AppContext) => unknown)(context)
    else uncalled = namedFunction(exported) ?? namedFunction(main)
  })
  const waitsIn = (): string | null => {
    if (load.waiting > 0) return `the top level of ${shownPath(appFile)}, or of a module that it imports,`
    return start.waiting > 0 ? `the default export of ${shownPath(appFile)}` : null
  }
  const sources = prepared.files.map((file) => readFileSync(file, 'utf8'))
  return {
    main: start.run,
    source: sources.join('\n'),
    assertions: expectedAssertions(sources),
    waitsIn,
    uncalled: () => uncalled,
  }
}

/**
 * A function that a module exports: main() or the first one. CommonJS has its exports as the
 * default one.
 */
function namedFunction(exported: unknown): string | null {
  const isFunction = ([name, value]: [string, unknown]): boolean =>
    name !== 'default' && typeof value === 'function'
  const names = Object.entries(exported ?? {}).flatMap((each) => (isFunction(each) ? [each[0]] : []))
  return names.find((name) => name === 'main') ?? names[0] ?? null
}

interface Probed {
  readonly plan: RunPlan
  /** The features that the app was seen to use. */
  readonly app: ObservedApp
  /** Remarks that a reader of the verdict needs. */
  readonly remarks: readonly string[]
}

function planOf(
  scenario: Scenario,
  { main }: LoadedApp,
  services: readonly ReadyService[],
  learnt: Learnt,
): RunPlan {
  return {
    setting: {
      guarantee: scenario.guarantee,
      ...(scenario.identity === undefined ? {} : { identity: scenario.identity }),
      ...(scenario.measures === undefined ? {} : { measures: scenario.measures }),
      ...learnt,
    },
    settings: scenario.broker ?? {},
    settingsOfClusters: settingsOfClusters(scenario),
    env: scenario.env ?? {},
    restMs: scenario.restMs ?? 0,
    envOfApps: Object.fromEntries(scenarioApps(scenario).map(({ name, env }) => [name, env])),
    main,
    services,
    effectsOfService: effectsOfService(scenario),
    invariants: scenario.invariants ?? {},
  }
}

/**
 * How long the first run goes on when all records are consumed, in virtual milliseconds: an app
 * that starts its consumers one after the other has not subscribed to its retry topics before.
 */
const PROBE_REST_MS = 30_000

/**
 * One fault-free run: what the app consumes, with which client, and whether it reports its effects
 * by itself.
 */
async function probe(
  scenario: Scenario,
  loaded: LoadedApp,
  services: readonly ReadyService[],
  stop: () => boolean,
): Promise<Probed> {
  const output: OutputLine[] = []
  try {
    return await probeWith(scenario, loaded, services, { stop, output: (line) => void output.push(line) })
  } catch (error) {
    if (error instanceof UsageError) error.output = output
    throw error
  }
}

async function probeWith(
  scenario: Scenario,
  loaded: LoadedApp,
  services: readonly ReadyService[],
  options: Pick<RunOptions, 'stop' | 'output'>,
): Promise<Probed> {
  const planFor = (learnt: Learnt): RunPlan => planOf(scenario, loaded, services, learnt)
  const workload = drawWorkload(scenario, 'probe')
  demandRecords(scenario, workload, drawWorkload(scenario, 'probe/another'))
  const schedule = { seed: 'probe', workload, faults: [], holds: [] }
  const effectsFirst = effectsOfService(scenario) === null ? 'handlers' : 'reported'
  const first = planFor({ effects: effectsFirst, consumed: [] })
  const plan = { ...first, awaited: topicsToRead(scenario), restMs: Math.max(first.restMs, PROBE_REST_MS) }
  const { app, history, verdict } = await runSchedule(plan, schedule, {
    stopAt: 'end',
    watchLeaks: true,
    ...options,
  })
  if (verdict.beyond !== undefined) throw beyondService(scenario.name, verdict.beyond)
  const { consumed } = app
  if (consumed.length === 0) throw neverConsumed(scenario.name, history, loaded)
  demandRecordsToConsume(scenario, consumed, history)
  demandIdentity(scenario, consumed, history)
  demandNamedTopics(scenario, history)
  const { effects, remarks } = whatCounts(scenario, app, loaded.source)
  return {
    plan: planFor({ effects, effectsOfRecord: effectsOfRecord(history), consumed }),
    app,
    remarks: [
      ...remarks,
      ...unreadTopics(scenario, consumed),
      ...silentGroups(history),
      ...unknownCopies(scenario, history),
    ],
  }
}

/**
 * A misspelt topic is made by the brokers, stays empty, and keeps every promise. One that an app of
 * the scenario writes to is not empty.
 */
function demandRecordsToConsume(
  scenario: Scenario,
  consumed: readonly string[],
  { events }: RunResult['history'],
): void {
  const { name, records } = flatScenario(scenario)
  const given = Object.keys(records)
  if (consumed.some((topic) => given.includes(topic))) return
  if (events.some((event) => event.kind === 'append' && consumed.includes(event.topic))) return
  const [topic = ''] = consumed
  const nobody = 'none of its apps writes there'
  const elsewhere = `its records are in ${given.join(', ')}`
  const instead =
    given.length === 0
      ? `${nobody}; write ${recordsToWrite(topic)}`
      : isInOther(topic, given)
        ? `${elsewhere}, and ${nobody}`
        : (didYouMean(topic, given) ?? elsewhere)
  throw new UsageError(
    'app-never-consumes',
    `the app of '${name}' subscribes to ${consumed.join(', ')}, where the scenario has no records, so that nothing can go wrong; ${instead}`,
  )
}

/** Whether another cluster has a topic of this name, which nobody confuses with this one. */
function isInOther(topic: string, given: readonly string[]): boolean {
  const { name } = parseTopicInCluster(topic)
  return given.some((each) => parseTopicInCluster(each).name === name)
}

/** Even the run without faults needs it: nothing can be said. */
function beyondService(name: string, beyond: string): UsageError {
  return new UsageError(
    'unsupported-in-simulation',
    `the app of '${name}' needs, without any fault, what its service can't show: ${beyond}`,
  )
}

function neverConsumed(name: string, { events }: RunResult['history'], app: LoadedApp): UsageError {
  const [waitsIn, uncalled] = [app.waitsIn(), app.uncalled()]
  const crash = events.find(({ kind }) => kind === 'process-crashed')
  if (crash?.kind === 'process-crashed') {
    return new UsageError(
      'app-failed-to-load',
      `the app of '${name}' crashed before it consumed anything: ${crash.reason.split('\n', 1)[0]}`,
    )
  }
  const exit = events.find((event) => event.kind === 'process-exited' && !event.asked)
  if (exit?.kind === 'process-exited') {
    return new UsageError(
      'app-never-consumes',
      `the app of '${name}' exited with code ${exit.code} before it consumed anything; it must stay, and call consumer.subscribe() and consumer.run()`,
    )
  }
  if (waitsIn !== null) {
    return new UsageError(
      'app-never-consumes',
      `the app of '${name}' never consumed a topic: ${waitsIn} never ended; it awaits something that never comes`,
    )
  }
  if (uncalled !== null) {
    return new UsageError(
      'app-never-consumes',
      `the app of '${name}' never consumed a topic: its module has no default export, so that ${uncalled}() runs only where the module calls it; make it the default export, or call it at the end of the module, and call consumer.subscribe() and consumer.run() in it`,
    )
  }
  return new UsageError(
    'app-never-consumes',
    `the app of '${name}' never consumed a topic; its main() must call consumer.subscribe() and consumer.run()`,
  )
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
