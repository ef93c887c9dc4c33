import { attachClientPort } from '../clients/client.interface.ts'
import { whyImpossible } from '../clients/impossible.ts'
import { clientAdapters } from '../clients/index.ts'
import { UsageError } from '../core/errors.ts'
import type { Fault } from '../core/fault.ts'
import type { InARow } from '../core/faults/times.ts'
import type { HistoryEvent, SkippedFault } from '../core/history.ts'
import type { OutputLine } from '../core/output.ts'
import { appOf, processNames } from '../core/processes.ts'
import type { AppContext, EffectsOfService, IdentityOf, InvariantWorld } from '../core/scenario.ts'
import type { Schedule } from '../core/schedule.ts'
import { type Chance, createChance } from '../core/seed.ts'
import { STORE_NAME } from '../core/service.ts'
import type { Finding } from '../core/verdict.ts'
import { beginFault, faultTiming } from '../faults/index.ts'
import { type FaultStart, type Heal, skipped } from '../faults/outcome.ts'
import type { CallAction, FaultWorld, RecordPlan } from '../faults/world.interface.ts'
import type { Cluster, ClusterAdmin, RequestAction } from '../kafka/index.ts'
import { errorWithPlace } from '../sim/call-site.ts'
import type {
  Connection,
  ProcessEvent,
  SimProcess,
  SimProcessHandle,
  Simulation,
} from '../sim/simulation.interface.ts'
import { createSimulation } from '../sim/simulation.ts'
import { isGivenUp } from './armed.ts'
import { adviceForBrokers } from './broker-advice.ts'
import { withClusters } from './cluster-context.ts'
import { Clusters } from './clusters.ts'
import { ClustersConsumed, Written } from './effect-target.ts'
import { createEffects } from './effects.ts'
import { FaultTimeline } from './fault-timeline.ts'
import { Finish } from './finish.ts'
import { LiveIncarnation } from './live-incarnation.ts'
import { NamedCalls } from './named-calls.ts'
import { OutputLines } from './output.ts'
import { Outside } from './outside.ts'
import { createPort, Holds } from './port.ts'
import { processObservation } from './process-events.ts'
import { Progress } from './progress.ts'
import { RecordPlans } from './record-plans.ts'
import { type Judge, Recorder } from './recorder.ts'
import { Requests } from './requests.ts'
import type { Branch, ObservedApp, RunOptions, RunWatch } from './run.interface.ts'
import type { OutsideStep } from './scheduler.interface.ts'
import { ServiceCalls } from './service-calls.ts'
import { type ReadyService, Services } from './services.ts'
import { createStore } from './store.ts'
import { StoreHost } from './store-host.ts'
import { bothTaps } from './taps.ts'
import { WorkloadFeed } from './workload-feed.ts'

/** 2025-01-01T00:00:00Z: what `Date.now()` shows when virtual time is 0. */
export const EPOCH_MS = 1_735_689_600_000
const LATENCY = { lowUs: 200, highUs: 1_500 } as const
const SUPERVISED_RESTART_MS = 1_000
const CHUNKED_OF = 16
const CHUNK_BYTES_MAX = 400

export interface WorldOptions {
  readonly schedule: Schedule
  readonly judge: Judge
  readonly stopAt: (finding: Finding) => boolean
  readonly handlersAreEffects: boolean
  /** Topics that the app consumes sooner or later: until then no run is at its end. */
  readonly awaited: readonly string[]
  readonly graceMs: number
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** Of each of several clusters. */
  readonly settingsOfClusters: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>
  readonly env: Readonly<Record<string, string>>
  readonly restMs: number
  /** On top of `env`, by app. */
  readonly envOfApps: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** `main()` of one process. */
  readonly main: (context: AppContext, process: SimProcess) => unknown
  readonly watch: RunWatch | undefined
  readonly branch: Branch | undefined
  readonly output: RunOptions['output']
  readonly services: readonly ReadyService[]
  readonly effectsOfService: EffectsOfService | null
  readonly identity: IdentityOf | undefined
}

/** Everything that one run consists of, wired together: this is where the layers meet. */
export class World implements FaultWorld {
  readonly simulation: Simulation
  readonly #output: OutputLines | null
  readonly recorder: Recorder
  readonly #options: WorldOptions
  readonly #chance: Chance
  readonly #clusters: Clusters
  /** The clusters that each process has consumed, where there are several. */
  readonly #consumed: ClustersConsumed
  readonly #requests: Requests
  readonly #calls: NamedCalls
  readonly #serviceCalls: ServiceCalls
  readonly #services: Services
  readonly #processes: Map<string, SimProcessHandle> = new Map()
  readonly #holds: Holds
  readonly #plans: RecordPlans = new RecordPlans()
  readonly #outside: Outside
  readonly #store: StoreHost
  /** Generation of each member's latest assignment. */
  readonly #generations: Map<string, number> = new Map()
  readonly #progress: Progress
  readonly #timeline: FaultTimeline
  readonly #feed: WorkloadFeed
  readonly #finish: Finish
  /** Names of the client libraries that the app has used so far. */
  readonly #clients: Set<string> = new Set()

  constructor(options: WorldOptions) {
    this.#options = options
    this.#output = options.output === undefined ? null : new OutputLines(options.output)
    const { schedule, judge, stopAt } = options
    this.#progress = new Progress(options.awaited)
    this.#chance = createChance(schedule.seed)
    this.#holds = new Holds(schedule.holds)
    this.#requests = new Requests({
      observe: (observation) => this.recorder.observe(observation),
      holds: this.#holds,
    })
    this.#calls = new NamedCalls({
      observe: (observation) => this.recorder.observe(observation),
      holds: this.#holds,
    })
    this.#serviceCalls = new ServiceCalls(this.#calls)
    const simulation = this.#simulate()
    this.simulation = simulation
    this.recorder = new Recorder({ nowUs: () => simulation.nowUs, judge, stopAt })
    this.recorder.listen((event) => this.#progress.observe(event))
    const written = new Written()
    this.recorder.listen((event) => written.observe(event))
    this.recorder.listen((event) => {
      if (isGivenUp(event)) this.#givenUp(event)
    })
    if (options.watch !== undefined) this.recorder.listen(options.watch.event)
    const { branch } = options
    if (branch !== undefined)
      this.recorder.listen(({ seq }) => {
        if (seq === branch.after) this.#chance.branch(branch.seed)
      })
    this.#cutFrames()
    this.#clusters = this.#startClusters()
    this.#consumed = new ClustersConsumed(this.#clusters.names)
    if (this.#consumed.several) this.recorder.listen((event) => this.#consumed.observe(event))
    this.#outside = new Outside({
      scheduler: {
        after: (delayUs, action, step) => void simulation.after(delayUs, this.#watched(action, step)),
      },
      plans: this.#plans,
      random: this.#chance.stream('outside'),
      written,
      consumed: this.#consumed,
      misused: (error) => simulation.stopFor(error),
      observe: (observation) => this.recorder.observe(observation),
    })
    this.#store = new StoreHost(this.#outside, this.#calls)
    this.#services = this.#startServices()
    const { admin } = this.#clusters
    this.#feed = new WorkloadFeed({ schedule, admin, scheduler: simulation })
    this.#timeline = new FaultTimeline({
      faults: schedule.faults,
      workload: this.#feed.planned,
      recorder: this.recorder,
      scheduler: simulation,
      atOnce: (kind) => faultTiming(kind) === 'at-once',
      begin: (fault) => this.#begin(fault),
    })
    this.#feed.start()
    this.#finish = new Finish({
      scheduler: simulation,
      progress: this.#progress,
      admin,
      restUs: options.restMs * 1000,
      pending: () => !this.#feed.done || this.#outside.busy,
      changing: () => this.#changing,
      ending: () => [...this.#processes.values()].some((process) => process.ending),
    })
    for (const name of processNames(schedule.workload)) this.startProcess(name)
  }

  /** The features that the app was seen to use. */
  get app(): ObservedApp {
    const { consumed } = this.#progress
    return {
      consumed,
      clients: [...this.#clients],
      reportsEffects: this.#outside.reported,
      usesStore: this.#store.used,
      wire: { ...this.#requests.seen },
    }
  }

  /** Why this run says nothing about the app, or null. */
  get beyond(): string | null {
    return this.#services.outside
  }

  /** The services that can be asked what stands in them, by name. */
  get askable(): InvariantWorld['services'] {
    return this.#services.askable
  }

  /** All faults that can act have acted and healed, and there is nothing left to consume. */
  get quiet(): boolean {
    return !this.#timeline.lasting && this.finished
  }

  get finished(): boolean {
    return this.#finish.finished
  }

  /** Only the end of processes that were asked to end is still to come. */
  get onlyEnding(): boolean {
    return !this.finished && this.#finish.idle
  }

  skipped(): readonly SkippedFault[] {
    return this.#timeline.skipped()
  }

  /**
   * Every fault heals, connections that lost something end, records that waited for a fault are
   * appended, and every process that nobody would start again is started.
   * @returns whether a connection was ended, or something was refused until now: somebody only
   * hears now what was lost, or succeeds only now
   */
  heal(): boolean {
    this.#plans.heal()
    const wereRefused = [this.#requests.heal(), this.#calls.heal()].includes(true)
    this.#timeline.drain()
    const ended = this.#clusters.admin.resetLossyConnections()
    this.#feed.release()
    for (const process of this.#processes.values()) process.ensureRunning()
    return ended || wereRefused
  }

  dispose(): void {
    this.#output?.end()
    this.recorder.close()
    this.#clusters.dispose()
    this.simulation.dispose()
  }

  /** Ends what strikes until a client gives up. */
  #givenUp(event: HistoryEvent): void {
    for (const each of [this.#plans, this.#requests, this.#calls]) each.observe(event)
  }

  // --- what faults act on

  get network(): Simulation['network'] {
    return this.simulation.network
  }

  get cluster(): ClusterAdmin {
    return this.#clusters.admin
  }

  get graceMs(): number {
    return this.#options.graceMs
  }

  process(name: string): SimProcessHandle | null {
    return this.#processes.get(name) ?? null
  }

  startProcess(name: string): SimProcessHandle | null {
    if (this.#processes.has(name)) return null
    const { env: shared, envOfApps } = this.#options
    const env = { ...shared, ...envOfApps[appOf(name)] }
    const handle = this.simulation.spawn(name, (process) => this.#main(process), { env })
    this.#processes.set(name, handle)
    return handle
  }

  armRequest(request: string, action: RequestAction, times?: InARow): void {
    this.#requests.arm(request, action, times)
  }

  armRecord(record: string, plan: RecordPlan): void {
    this.#plans.arm(record, plan)
  }

  appendKept(topic: string, partition: number): void {
    this.#feed.appendKept(topic, partition)
  }

  isWithheld(topic: string): boolean {
    return this.#feed.planned.isWithheld(topic)
  }

  makeTopic(topic: string): void {
    this.#feed.makeTopic(topic)
  }

  armCall(call: string, action: CallAction, times?: InARow): void {
    this.#calls.arm(call, action, times)
  }

  stopService(name: string): Heal | null {
    return name === STORE_NAME ? this.#store.stop() : this.#services.stop(name)
  }

  broker(name: string): number | null {
    return this.#clusters.broker(name)
  }

  // --- assembly

  #simulate(): Simulation {
    return createSimulation({
      chance: this.#chance,
      epochMs: EPOCH_MS,
      timeZone: this.#options.env['TZ'],
      latency: LATENCY,
      restartMs: SUPERVISED_RESTART_MS,
      tap:
        this.#options.services.length === 0 ? this.#requests : bothTaps(this.#requests, this.#serviceCalls),
      onProcess: (event) => this.#onProcess(event),
      ...(this.#output === null
        ? {}
        : { onConsole: (process, stream, text) => this.#print(process, stream, text) }),
      adviceFor: (address) => adviceForBrokers(address, this.#clusters.addresses),
    })
  }

  /**
   * In one run of sixteen, TCP delivers in small pieces that end anywhere; the seed says in which,
   * and how small.
   */
  #cutFrames(): void {
    const random = this.#chance.stream('chunks')
    if (random.oneIn(1, CHUNKED_OF)) this.simulation.network.chunk(random.between(1, CHUNK_BYTES_MAX))
  }

  #startClusters(): Clusters {
    const { simulation } = this
    const { schedule, settings, settingsOfClusters } = this.#options
    const clusters = new Clusters({
      workload: schedule.workload,
      chance: this.#chance,
      clock: {
        nowMs: () => EPOCH_MS + Math.floor(simulation.nowUs / 1000),
        after: (delayMs, action) => simulation.after(Math.round(delayMs * 1000), action),
      },
      observer: {
        observe: (observation) => {
          this.recorder.observe(observation)
          if (observation.kind === 'assigned')
            this.#generations.set(observation.memberId, observation.generation)
          if (observation.kind === 'commit') this.#requests.noteCommit(observation)
        },
      },
      hooks: this.#requests,
      settings,
      settingsOfClusters,
    })
    for (const { cluster, address } of clusters.brokers()) {
      const { host, port, id } = address
      simulation.network.listen(host, port, (connection) => this.#accept(cluster, id, connection), {
        plain: true,
      })
    }
    return clusters
  }

  #startServices(): Services {
    const { services, effectsOfService, identity } = this.#options
    const started = new Services({
      services,
      simulation: this.simulation,
      epochMs: EPOCH_MS,
      calls: this.#serviceCalls,
      seedOf: (name) => this.#chance.stream(`service/${name}`).bits32(),
      effects: effectsOfService,
      identity,
      observe: (observation) => this.recorder.observe(observation),
    })
    if (effectsOfService !== null) this.recorder.listen((event) => started.observe(event))
    return started
  }

  #accept(cluster: Cluster, broker: number, connection: Connection): void {
    const line = this.#requests.line(connection)
    const session = cluster.connect(broker, line, {
      send(bytes) {
        const extraUs = line.answerExtraUs
        line.answerExtraUs = 0
        connection.write(bytes, extraUs)
      },
      close: () => connection.end(),
      reset: () => connection.reset(),
    })
    Object.assign(connection, {
      onData: (bytes: Buffer) => session.receive(bytes),
      onEnd: () => {
        session.closed()
        connection.end()
      },
      onClose: () => session.closed(),
    } satisfies Partial<Connection>)
  }

  #print({ name: process }: Pick<SimProcess, 'name'>, stream: OutputLine['stream'], text: string): void {
    this.#output?.print({ timeUs: this.simulation.nowUs, process, stream }, text)
  }

  #main(process: SimProcess): unknown {
    const incarnation = new LiveIncarnation(process, (delayUs, action, step) =>
      this.simulation.afterIn(process, delayUs, this.#watched(action, step)),
    )
    attachClientPort(
      process,
      createPort({
        process: incarnation,
        plans: this.#plans,
        handlersAreEffects: this.#options.handlersAreEffects,
        gaveUp: (record) => this.#outside.gaveUp(incarnation, record),
        holds: this.#holds,
        uses: (client) => void this.#clients.add(client),
        observe: (observation) => this.recorder.observe(observation),
        failed: (error) => this.#print(process, 'stderr', `the handler failed: ${errorWithPlace(error)}\n`),
        generationOf: (memberId) => this.#generations.get(memberId) ?? -1,
        clusterOf: this.#consumed.several ? (brokers) => this.#clusterOf(process, brokers) : null,
      }),
    )
    const context = {
      instance: process.name,
      incarnation: process.incarnation,
      signal: process.signal,
      effects: createEffects(incarnation, this.#outside),
      store: createStore(incarnation, this.#store),
      services: this.#services.addresses,
    }
    const told = withClusters(context, this.#clusters.addresses, {
      process: process.name,
      misused: (error) => this.simulation.stopFor(error),
    })
    return this.#options.main(told, process)
  }

  #clusterOf(process: SimProcess, brokers: readonly string[]): string {
    try {
      return this.#clusters.named(brokers, process.name)
    } catch (error) {
      if (error instanceof UsageError) this.simulation.stopFor(error)
      throw error
    }
  }

  #watched(action: () => void, step: OutsideStep | undefined): () => void {
    const { watch } = this.#options
    if (watch === undefined || step === undefined) return action
    return () => {
      watch.step(step)
      action()
    }
  }

  #onProcess(event: ProcessEvent): void {
    if (event.kind === 'crashed' || event.kind === 'exited') {
      this.#outside.ended(event.process.name)
      this.#output?.end(event.process.name)
    }
    this.recorder.observe(processObservation(event))
    if (event.kind === 'crashed' || event.kind === 'exited') this.#store.ended(event.process.name)
  }

  /** Some process is starting or ending, or a commit is on its way. */
  get #changing(): boolean {
    if (this.#requests.commitsUnderway > 0) return true
    for (const process of this.#processes.values()) if (process.changing) return true
    return false
  }

  #begin(fault: Fault): FaultStart {
    const inUse = clientAdapters.filter(({ name }) => this.#clients.has(name))
    const why = whyImpossible(fault.kind, inUse)
    return why === null ? beginFault(fault, this) : skipped(why)
  }
}
