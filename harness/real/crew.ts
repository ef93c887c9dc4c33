import { HarnessError } from '../core/errors.ts'
import type { Observation } from '../core/history.ts'
import { BROKER_PORT, brokerName, linkName, serviceAddress } from '../core/names.ts'
import { appOf } from '../core/processes.ts'
import { createEffects } from '../run/effects.ts'
import type { Outside } from '../run/outside.ts'
import { createPort, type Holds } from '../run/port.ts'
import type { RecordPlans } from '../run/record-plans.ts'
import type { Incarnation, OutsideStep } from '../run/scheduler.interface.ts'
import { OpenTransaction } from '../run/store.ts'
import type { StoreHost } from '../run/store-host.ts'
import type { Busy } from './busy.ts'
import type { RealClock } from './clock.ts'
import type { RealCluster } from './cluster/cluster.ts'
import { RealClusterError } from './cluster/errors.ts'
import type { Gatekeeper } from './gate/exchange.ts'
import { Gate } from './gate/gate.ts'
import { ChildTalk } from './processes/child-talk.ts'
import type { ChildApp, Setup } from './processes/messages.ts'
import { type Pipes, RealProcess, type Talk } from './processes/process.ts'
import type { Links } from './toxiproxy/links.ts'

export interface CrewOptions {
  /** By the app's name. */
  readonly apps: Readonly<Record<string, ChildApp>>
  readonly envOfApps: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly env: Readonly<Record<string, string>>
  readonly cluster: RealCluster
  readonly gateBind: string
  readonly links: Links
  readonly busy: Busy
  readonly clock: RealClock
  readonly keeper: Gatekeeper
  readonly outside: Outside
  readonly store: StoreHost
  readonly plans: RecordPlans
  readonly holds: Holds
  readonly handlersAreEffects: boolean
  /** See `Setup`. */
  readonly services: Setup['services']
  routesOf(process: string): Setup['routes']
  /** How many the simulated run had of each process. */
  readonly incarnations: ReadonlyMap<string, number>
  observe(observation: Observation): void
  /** The generation of this member's latest assignment; −1 where it has none. */
  generationOf(memberId: string): number
  /** Runs a step of the outside world when it is its turn. */
  step(delayUs: number, action: () => void, step: OutsideStep | undefined, by: Stepper): void
  /** An app asked for what none may ask for. */
  failed(error: unknown): void
  /** This incarnation is gone. */
  ended(process: string, incarnation: number): void
}

/** The incarnation that takes a step: paused, it takes it later, and dead, never. */
export interface Stepper {
  alive(): boolean
  awake(): Promise<void>
}

/** The processes of the app, each behind its own gates and links. */
export class Crew {
  readonly #options: CrewOptions
  readonly #processes: Map<string, RealProcess> = new Map()
  /** Processes that are to join, with their gates and links, and the app loaded. */
  readonly #joining: Map<string, RealProcess> = new Map()
  readonly #gates: Gate[] = []
  /** First incarnations that are still loading: they begin together, as in a simulation. */
  readonly #loading: Set<string> = new Set()
  #allLoaded: PromiseWithResolvers<void> = Promise.withResolvers<void>()

  constructor(options: CrewOptions) {
    this.#options = options
  }

  get(name: string): RealProcess | null {
    return this.#processes.get(name) ?? null
  }

  /** Some process is about to start, or was asked to end and has not. */
  get changing(): boolean {
    return [...this.#processes.values()].some(({ changing }) => changing)
  }

  /** Whether no process runs or is about to. */
  get idle(): boolean {
    return [...this.#processes.values()].every(({ running, changing }) => !running && !changing)
  }

  /**
   * Starts these, and resolves when all of them have loaded the app, and so have those that may
   * start or join later: a simulated process needs no time for that.
   */
  async start(names: readonly string[]): Promise<void> {
    const { clock, incarnations } = this.#options
    for (const name of names) {
      this.#loading.add(loadOf(name, 1))
      const process = await this.#add(name)
      this.#processes.set(name, process)
      if (!clock.stopped) process.start()
      this.#prepare(process)
    }
    for (const name of incarnations.keys()) {
      if (names.includes(name)) continue
      const process = await this.#add(name)
      this.#joining.set(name, process)
      this.#prepare(process)
    }
    if (this.#loading.size > 0) await this.#allLoaded.promise
  }

  /** Has the app loaded for the next incarnation, if the simulated run had one. */
  #prepare(process: RealProcess): void {
    const { name, incarnation } = process
    if ((this.#options.incarnations.get(name) ?? 0) <= incarnation) return
    if (!this.#options.clock.begun) this.#loading.add(loadOf(name, incarnation + 1))
    process.prepare()
  }

  /** Starts one more; false if it is there already. */
  join(name: string): boolean {
    if (this.#processes.has(name)) return false
    const prepared = this.#joining.get(name)
    this.#options.busy.add(async () => {
      const process = prepared ?? (await this.#add(name))
      this.#processes.set(name, process)
      if (!this.#options.clock.stopped) process.start()
    })
    return true
  }

  ensureRunning(): void {
    for (const process of this.#processes.values()) process.ensureRunning()
  }

  nudge(process: string, broker: string): void {
    const names = [
      linkName({ from: process, to: broker, oneWay: false }),
      linkName({ from: broker, to: process, oneWay: false }),
    ]
    for (const gate of this.#gates) if (names.includes(gate.name)) gate.nudge()
  }

  /** The last output of each process, to find out why nothing happened. */
  get outputs(): ReadonlyMap<string, string> {
    return new Map([...this.#processes].map(([name, { output }]) => [name, output]))
  }

  async stop(): Promise<void> {
    this.#allLoaded.resolve()
    const processes = new Set([...this.#processes.values(), ...this.#joining.values()])
    await Promise.all([...processes].map((process) => process.dispose()))
    await Promise.all(this.#gates.map((gate) => gate.stop()))
  }

  /** A process with its gates and links, which does not run yet. */
  async #add(name: string): Promise<RealProcess> {
    const { cluster, keeper, links, gateBind } = this.#options
    const process = this.#make(name)
    for (const broker of cluster.brokers) {
      const gate = new Gate({ process: name, broker, upstream: cluster.addressOf(broker), keeper })
      this.#gates.push(gate)
      await links.open(name, broker, await gate.listen(gateBind))
      if (!(await gate.isBehind(links.portOf(name, broker))))
        throw new RealClusterError(
          `Toxiproxy does not reach the gates on ${gateBind}: a firewall may be in between; type --provider local`,
        )
    }
    return process
  }

  #make(name: string): RealProcess {
    const { env, envOfApps, observe, clock, ended, outside, store, failed } = this.#options
    return new RealProcess({
      name,
      env: environment({ ...env, ...envOfApps[appOf(name)] }),
      observe,
      later: (ms, action) => clock.later(ms, action),
      failed,
      loads: (incarnation, pipes, begun) => this.#talk(name, { incarnation, pipes, begun }),
      ended: (incarnation) => {
        outside.ended(name)
        store.ended(name)
        ended(name, incarnation)
        this.#loaded(loadOf(name, incarnation))
      },
    })
  }

  #talk(
    name: string,
    { incarnation, pipes, begun }: { incarnation: number; pipes: Pipes; begun: Promise<void> },
  ): Talk {
    const { apps, cluster, links, busy, outside, store, observe, plans, holds, handlersAreEffects } =
      this.#options
    const { services, routesOf } = this.#options
    const app = apps[appOf(name)]
    if (app === undefined) throw new HarnessError(`${name} belongs to no app of the scenario`)
    const process = this.#incarnation(name, incarnation)
    const ports = cluster.brokers.map((broker) => links.portOf(name, broker))
    const brokers = ports.map((port) => `127.0.0.1:${port}`)
    // An app that has its brokers from its environment knows them by their simulated names.
    const named = ports.map(
      (port, index) => [serviceAddress({ host: brokerName(index), port: BROKER_PORT }), port] as const,
    )
    const routes = { ...routesOf(name), ...Object.fromEntries(named) }
    const port = createPort({
      process,
      plans,
      handlersAreEffects,
      holds,
      uses: () => {},
      observe,
      generationOf: this.#options.generationOf,
      clusterOf: null,
      gaveUp: (record) => outside.gaveUp(process, record),
    })
    return new ChildTalk({
      ...pipes,
      setup: { instance: name, incarnation, brokers, services, routes, app },
      port,
      effects: createEffects(process, outside),
      begin: () => new OpenTransaction(process, store),
      begun,
      loaded: () => this.#loaded(loadOf(name, incarnation)),
      // The next one loads while this one works.
      ready: () => {
        const process = this.#processes.get(name)
        if (process !== undefined) this.#prepare(process)
      },
      failed: this.#options.failed,
      uncaught: (reason) => this.#processes.get(name)?.uncaught(reason),
      held: async () => {
        if (!this.#loading.has(loadOf(name, incarnation)) && this.#loading.size > 0)
          await this.#allLoaded.promise
        await busy.done()
      },
      alive: () => process.alive && !this.#options.clock.stopped,
    })
  }

  #incarnation(name: string, incarnation: number): Incarnation {
    const { step } = this.#options
    const process = (): RealProcess | undefined => this.#processes.get(name)
    const alive = (): boolean => process()?.isAlive(incarnation) === true
    const awake = async (): Promise<void> => process()?.awake()
    return {
      name,
      incarnation,
      get alive() {
        return alive()
      },
      after: (delayUs, action, which) => step(delayUs, action, which, { alive, awake }),
    }
  }

  #loaded(load: string): void {
    this.#loading.delete(load)
    if (this.#loading.size === 0) this.#allLoaded.resolve()
  }
}

/** The loading of one incarnation. */
function loadOf(name: string, incarnation: number): string {
  return `${name} ${incarnation}`
}

/** The real environment, but for what a test runner around us puts into it. */
function environment(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { NODE_ENV, VITEST: _, NODE_OPTIONS: __, ...real } = process.env
  return {
    ...real,
    ...(NODE_ENV === 'test' ? { NODE_ENV: 'production' } : NODE_ENV === undefined ? {} : { NODE_ENV }),
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    ...own,
  }
}
