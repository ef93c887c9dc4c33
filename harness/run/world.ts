import { attachClientPort } from '../clients/client.interface.ts'
import { clientAdapters } from '../clients/index.ts'
import type { Fault, FaultKind } from '../core/fault.ts'
import type { Observation, SkippedFault } from '../core/history.ts'
import type { AppContext } from '../core/scenario.ts'
import type { Schedule } from '../core/schedule.ts'
import { type Chance, createChance } from '../core/seed.ts'
import type { Finding } from '../core/verdict.ts'
import { beginFault, faultTiming } from '../faults/index.ts'
import type { FaultWorld, RecordPlan } from '../faults/world.interface.ts'
import type { BrokerAddress, Cluster, RequestAction } from '../kafka/cluster.interface.ts'
import { createCluster } from '../kafka/cluster.ts'
import type {
  Connection,
  ProcessEvent,
  SimProcess,
  SimProcessHandle,
  Simulation,
} from '../sim/simulation.interface.ts'
import { createSimulation } from '../sim/simulation.ts'
import { createEffects, type OutsideWorld } from './effects.ts'
import { createPort, Holds } from './port.ts'
import { Progress } from './progress.ts'
import { RecordPlans } from './record-plans.ts'
import { type Judge, Recorder } from './recorder.ts'
import { Requests } from './requests.ts'
import { createStore, Database } from './store.ts'
import { bufferOf, malformedRecords, valueAt } from './workload.ts'

const BETWEEN_GENERATIONS: ReadonlySet<string> = new Set([
  'PreparingRebalance',
  'CompletingRebalance',
  'Assigning',
  'Reconciling',
])

/** 2025-01-01T00:00:00Z: what `Date.now()` shows when virtual time is 0. */
export const EPOCH_MS = 1_735_689_600_000
const BROKER_PORT = 9092
const LATENCY = { lowUs: 200, highUs: 1_500 } as const
const SUPERVISED_RESTART_MS = 1_000
const CHUNKED_OF = 16
const CHUNK_BYTES_MAX = 400

export interface WorldOptions {
  readonly schedule: Schedule
  readonly judge: Judge
  readonly stopAt: (finding: Finding) => boolean
  readonly handlersAreEffects: boolean
  readonly graceMs: number
  readonly settings: Readonly<Record<string, string | number | boolean>>
  readonly env: Readonly<Record<string, string>>
  /** `main()` of one process. */
  readonly main: (context: AppContext, process: SimProcess) => unknown
}

/** Everything that one run consists of, wired together: this is where the layers meet. */
export class World implements FaultWorld {
  readonly simulation: Simulation
  readonly recorder: Recorder
  readonly progress: Progress = new Progress()
  readonly skipped: SkippedFault[] = []
  /** Names of the client libraries that the app has used so far. */
  readonly clients: Set<string> = new Set()
  /** Faults that have begun and can heal. */
  readonly #healing: Map<number, () => void> = new Map()
  readonly #options: WorldOptions
  readonly #cluster: Cluster
  readonly #requests: Requests
  readonly #plans: RecordPlans = new RecordPlans()
  readonly #processes: Map<string, SimProcessHandle> = new Map()
  readonly #addresses: readonly BrokerAddress[]
  readonly #outside: OutsideWorld
  readonly #database: Database = new Database()
  readonly #holds: Holds
  readonly #generations: Map<string, number> = new Map()
  readonly #begun: Set<number> = new Set()
  readonly #chance: Chance
  #appendsLeft = 0
  #draining = false
  /** When the end of the run is looked for next. */
  #lookUs = 0

  constructor(options: WorldOptions) {
    this.#options = options
    const { schedule } = options
    this.#chance = createChance(schedule.seed)
    this.#holds = new Holds(schedule.holds)
    this.#requests = new Requests({
      observe: (observation) => this.recorder.observe(observation),
      holds: this.#holds,
    })
    this.simulation = createSimulation({
      chance: this.#chance,
      epochMs: EPOCH_MS,
      latency: LATENCY,
      restartMs: SUPERVISED_RESTART_MS,
      tap: this.#requests,
      onProcess: (event) => this.#onProcess(event),
    })
    this.recorder = new Recorder({
      nowUs: () => this.simulation.nowUs,
      judge: options.judge,
      stopAt: options.stopAt,
    })
    this.recorder.listen((event) => this.progress.observe(event))
    this.#addresses = Array.from({ length: schedule.workload.brokers }, (_, id) => ({
      id,
      host: `broker-${id}`,
      port: BROKER_PORT,
    }))
    this.#cutFrames()
    this.#cluster = this.#startCluster()
    this.#outside = {
      simulation: this.simulation,
      plans: this.#plans,
      random: this.#chance.stream('outside'),
      observe: (observation) => this.recorder.observe(observation),
      underway: 0,
      preparing: new Map(),
      reported: false,
    }
    this.#placeFaults()
    this.#startWorkload()
    for (let index = 0; index < schedule.workload.consumers; index += 1)
      this.startProcess(`consumer-${index}`)
  }

  /** The app told of effects by itself. */
  get effectsReported(): boolean {
    return this.#outside.reported
  }

  /** All faults that can act have acted and healed, and there is nothing left to consume. */
  get quiet(): boolean {
    return this.#healing.size === 0 && this.finished
  }

  get finished(): boolean {
    // Asked before each event of the run: first what is cheap and mostly says no.
    if (this.progress.working || this.#appendsLeft > 0 || this.#outside.underway > 0) return false
    for (const preparing of this.#outside.preparing.values()) if (preparing > 0) return false
    const atUs = this.progress.finishedAtUs(this.#settled)
    if (atUs === null || atUs <= this.simulation.nowUs) return atUs !== null
    // Without an event at that time nobody would look.
    if (this.#lookUs !== atUs) this.simulation.after(atUs - this.simulation.nowUs, () => {})
    this.#lookUs = atUs
    return false
  }

  /** No process is starting or ending, no commit is on its way, no transaction is open, and no group between generations. */
  get #settled(): boolean {
    if (this.#requests.commitsUnderway > 0) return false
    for (const process of this.#processes.values()) if (process.changing) return false
    const { admin } = this.#cluster
    return admin.openTransactions() === 0 && !admin.groups().some((id) => this.#changes(id))
  }

  #changes(group: string): boolean {
    return BETWEEN_GENERATIONS.has(this.#cluster.admin.groupState(group) ?? '')
  }

  /** Every fault heals, and every process that nobody would start again is started. */
  heal(): void {
    this.#draining = true
    this.#plans.heal()
    for (const [index, end] of [...this.#healing]) this.#endFault(index, end)
    for (const process of this.#processes.values()) process.ensureRunning()
  }

  dispose(): void {
    this.recorder.close()
    this.#cluster.dispose()
    this.simulation.dispose()
    const { faults } = this.#options.schedule
    faults.forEach((fault, index) => {
      if (this.#begun.has(index)) return
      const where = 'event' in fault.at ? `'${fault.at.event}' never happened` : 'the run ended before'
      this.skipped.push({ index, kind: fault.kind, reason: where })
    })
  }

  // --- what faults act on

  get network(): Simulation['network'] {
    return this.simulation.network
  }

  get cluster(): Cluster['admin'] {
    return this.#cluster.admin
  }

  get graceMs(): number {
    return this.#options.graceMs
  }

  process(name: string): SimProcessHandle | null {
    return this.#processes.get(name) ?? null
  }

  startProcess(name: string): SimProcessHandle | null {
    if (this.#processes.has(name)) return null
    const { env } = this.#options
    const handle = this.simulation.spawn(name, (process) => this.#main(process), { env })
    this.#processes.set(name, handle)
    return handle
  }

  armRequest(request: string, action: RequestAction): void {
    this.#requests.arm(request, action)
  }

  armRecord(record: string, plan: RecordPlan): string | null {
    const cannot = plan.what === 'handler-error' ? this.#cannot('handler-error') : null
    if (cannot === null) this.#plans.arm(record, plan)
    return cannot
  }

  /** Why this fault can't be done to the clients in use, or null. */
  #cannot(kind: FaultKind): string | null {
    const using = clientAdapters.filter(({ name }) => this.clients.has(name))
    return using.map(({ cannot }) => cannot[kind]).find((why) => why !== undefined) ?? null
  }

  broker(name: string): number | null {
    return this.#addresses.find(({ host }) => host === name)?.id ?? null
  }

  // --- assembly

  /** In one run of sixteen, TCP delivers in small pieces that end anywhere; the seed says in which, and how small. */
  #cutFrames(): void {
    const random = this.#chance.stream('chunks')
    if (random.oneIn(1, CHUNKED_OF)) this.simulation.network.chunk(random.between(1, CHUNK_BYTES_MAX))
  }

  #startCluster(): Cluster {
    const { simulation } = this
    const cluster = createCluster({
      brokers: this.#addresses,
      chance: this.#chance,
      clock: {
        nowMs: () => EPOCH_MS + Math.floor(simulation.nowUs / 1000),
        after: (delayMs, action) => simulation.after(Math.round(delayMs * 1000), action),
      },
      observer: { observe: (observation) => this.#observeCluster(observation) },
      hooks: this.#requests,
      settings: this.#options.settings,
    })
    for (const { host, port, id } of this.#addresses) {
      simulation.network.listen(host, port, (connection) => this.#accept(cluster, id, connection))
    }
    return cluster
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
    connection.onData = (bytes) => session.receive(bytes)
    connection.onEnd = () => {
      session.closed()
      connection.end()
    }
    connection.onClose = () => session.closed()
  }

  #observeCluster(observation: Observation): void {
    this.recorder.observe(observation)
    if (observation.kind === 'commit') this.#requests.noteCommit(observation)
    if (observation.kind === 'assigned') this.#generations.set(observation.memberId, observation.generation)
  }

  #main(process: SimProcess): unknown {
    attachClientPort(
      process,
      createPort({
        process,
        simulation: this.simulation,
        plans: this.#plans,
        handlersAreEffects: this.#options.handlersAreEffects,
        holds: this.#holds,
        uses: (client) => void this.clients.add(client),
        observe: (observation) => this.#observeClient(observation),
      }),
    )
    const context: AppContext = {
      brokers: this.#addresses.map(({ host, port }) => `${host}:${port}`),
      instance: process.name,
      incarnation: process.incarnation,
      signal: process.signal,
      effects: createEffects(process, this.#outside),
      store: createStore(process, this.#database, this.#outside),
    }
    return this.#options.main(context, process)
  }

  /** A client does not say which generation its assignment belongs to; the coordinator knows. */
  #observeClient(observation: Observation): void {
    const generation =
      observation.kind === 'believes' ? this.#generations.get(observation.memberId) : undefined
    this.recorder.observe(
      generation === undefined ? observation : ({ ...observation, generation } as Observation),
    )
  }

  #onProcess(event: ProcessEvent): void {
    const by = { process: event.process.name, incarnation: event.process.incarnation }
    switch (event.kind) {
      case 'started':
        return this.recorder.observe({ kind: 'process-started', ...by })
      case 'crashed':
        this.#outside.preparing.delete(event.process)
        return this.recorder.observe({ kind: 'process-crashed', reason: event.reason, ...by })
      case 'paused':
        return this.recorder.observe({ kind: 'process-paused', ...by })
      case 'resumed':
        return this.recorder.observe({ kind: 'process-resumed', ...by })
      case 'terminating':
        return this.recorder.observe({ kind: 'process-terminating', ...by })
      case 'exited':
        this.#outside.preparing.delete(event.process)
        return this.recorder.observe({ kind: 'process-exited', code: event.code, asked: event.asked, ...by })
      case 'shutdown-timeout':
        return this.recorder.observe({ kind: 'shutdown-timeout', graceMs: event.graceMs, ...by })
    }
  }

  #startWorkload(): void {
    const { workload, faults } = this.#options.schedule
    const malformed = malformedRecords(faults)
    const { admin } = this.#cluster
    for (const [name, { partitions, startOffset, configs = {} }] of Object.entries(workload.topics)) {
      admin.createTopic(name, { partitions, startOffset: BigInt(startOffset), configs })
    }
    this.#appendsLeft = workload.records.length
    for (const record of workload.records) {
      const append = (): void => {
        this.#appendsLeft -= 1
        const { topic, partition, headers } = record
        const value = valueAt(record, admin.logEnd(topic, partition), malformed)
        const list = Object.entries(headers ?? {}).map(([key, bytes]) => ({ key, value: bufferOf(bytes) }))
        admin.append({ topic, partition, key: bufferOf(record.key), value, headers: list })
      }
      if (record.atMs === 0) append()
      else this.simulation.after(record.atMs * 1000, append)
    }
  }

  // --- faults

  #placeFaults(): void {
    this.#options.schedule.faults.forEach((fault, index) => {
      if ('atMs' in fault.at) {
        this.simulation.after(fault.at.atMs * 1000, () => this.#beginFault(index, fault))
        return
      }
      this.recorder.await(fault.at.event, () => {
        if (faultTiming(fault.kind) === 'at-once') this.#beginFault(index, fault)
        else this.simulation.after(0, () => this.#beginFault(index, fault))
      })
    })
  }

  #beginFault(index: number, fault: Fault): void {
    // The drain adds no faults: one whose moment comes too late is reported as skipped.
    if (this.#draining) return
    this.#begun.add(index)
    this.recorder.observe({ kind: 'fault', index, fault, phase: 'begins' })
    const heal = beginFault(fault, this)
    if (typeof heal === 'string') {
      this.skipped.push({ index, kind: fault.kind, reason: heal })
    } else if (heal !== null && 'durationMs' in fault) {
      this.#healing.set(index, heal)
      this.simulation.after(fault.durationMs * 1000, () => this.#endFault(index, heal))
    }
  }

  #endFault(index: number, heal: () => void): void {
    if (!this.#healing.delete(index)) return
    const fault = this.#options.schedule.faults[index] as Fault
    heal()
    this.recorder.observe({ kind: 'fault', index, fault, phase: 'ends' })
  }
}
