import { definitionOf, type Fault } from '../core/fault.ts'
import type { InARow } from '../core/faults/times.ts'
import type { HistoryEvent, Observation, SkippedFault } from '../core/history.ts'
import { partitionName } from '../core/names.ts'
import { processNames } from '../core/processes.ts'
import type { Schedule } from '../core/schedule.ts'
import { createChance } from '../core/seed.ts'
import { STORE_NAME } from '../core/service.ts'
import type { Finding } from '../core/verdict.ts'
import type { Heal } from '../faults/outcome.ts'
import type { CallAction, RecordPlan } from '../faults/world.interface.ts'
import { type RequestAction, readBatches } from '../kafka/index.ts'
import { isGivenUp } from '../run/armed.ts'
import { ClustersConsumed, Written } from '../run/effect-target.ts'
import { FaultTimeline } from '../run/fault-timeline.ts'
import { NamedCalls } from '../run/named-calls.ts'
import { Outside } from '../run/outside.ts'
import { Holds } from '../run/port.ts'
import { Progress } from '../run/progress.ts'
import { RecordPlans } from '../run/record-plans.ts'
import { type Judge, Recorder } from '../run/recorder.ts'
import type { OutsideStep, Scheduler } from '../run/scheduler.interface.ts'
import { StoreHost } from '../run/store-host.ts'
import { positionsOf } from '../run/workload-feed.ts'

import { Busy } from './busy.ts'
import { RealClock } from './clock.ts'
import { RealCluster, type TopicDescription } from './cluster/cluster.ts'
import { RealClusterError } from './cluster/errors.ts'
import { demandNoGroup, removeGroup, setOffsets } from './cluster/groups.ts'
import { layOutGroup } from './cluster/layout.ts'
import { spendFirstProducerIds } from './cluster/producer-ids.ts'
import type { Conductor } from './conductor.ts'
import { Crew, type Stepper } from './crew.ts'
import type { SimulatedDraws } from './draws.ts'
import { Expiry } from './expiry.ts'
import { beginRealFault } from './faults/index.ts'
import type { RealFaultWorld } from './faults/world.interface.ts'
import { RealFeed } from './feed.ts'
import { type Exchange, isOf } from './gate/exchange.ts'
import type { HeldSessions } from './held-sessions.ts'
import { Keeper } from './keeper.ts'
import { Learner } from './learn/learner.ts'
import type { EndingTransaction } from './learn/transactions.ts'
import { itemOf, itemOfStep } from './order.ts'
import type { ChildApp } from './processes/messages.ts'
import type { RealProcess } from './processes/process.ts'
import type { RealKafka } from './providers/provider.interface.ts'
import { Quiet } from './quiet.ts'
import { RealServices, type RealServicesOptions } from './services/services.ts'
import { Links } from './toxiproxy/links.ts'

/** How long the markers of a transaction that has ended may take to reach the logs. */
const MARKERS_MS = 20_000
/** How long cleaning up may take where something has failed. */
const PATIENCE_IN_TROUBLE_MS = 15_000

/** Steps that happen whatever becomes of a process. */
const ANYBODY: Stepper = { alive: () => true, awake: async () => {} }

export interface RealWorldOptions
  extends Pick<RealServicesOptions, 'services' | 'effectsOfService' | 'identity'> {
  readonly schedule: Schedule
  /** By the app's name. */
  readonly apps: Readonly<Record<string, ChildApp>>
  readonly envOfApps: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly env: Readonly<Record<string, string>>
  readonly handlersAreEffects: boolean
  readonly graceMs: number
  readonly kafka: RealKafka
  /** Set before the names of Toxiproxy's proxies, and the transactional ids that brokers see. */
  readonly prefix: string
  readonly conductor: Conductor
  readonly sessions: HeldSessions
  /** How many incarnations the simulated run had of each process. */
  readonly incarnations: ReadonlyMap<string, number>
  readonly draws: SimulatedDraws
  readonly sessionMsMax: number | null
  readonly judge: Judge
  readonly stopAt: (finding: Finding) => boolean
  readonly onEvent: (event: HistoryEvent) => void
}

/**
 * Everything that one try on a real cluster consists of, wired together: the twin of the simulated
 * `World`.
 */
export class RealWorld implements RealFaultWorld {
  readonly busy: Busy = new Busy()
  readonly cluster: RealCluster
  readonly links: Links
  readonly recorder: Recorder
  readonly crew: Crew
  readonly services: RealServices
  readonly #options: RealWorldOptions
  readonly #clock: RealClock = new RealClock()
  readonly #plans: RecordPlans = new RecordPlans()
  readonly #progress: Progress = new Progress()
  readonly #written: Written = new Written()
  readonly #quiet: Quiet = new Quiet(this.#progress)
  readonly #outside: Outside
  readonly #calls: NamedCalls
  readonly #store: StoreHost
  readonly #learner: Learner
  readonly #feed: RealFeed
  readonly #keeper: Keeper
  readonly #expiry: Expiry
  readonly #timeline: FaultTimeline
  /** Transactions whose markers are looked for. */
  readonly #markers: Set<Promise<void>> = new Set()
  /** Groups for which the scenario's offsets were committed before the run. */
  readonly #groupsMade: Set<string> = new Set()
  #failure: Error | null = null
  #disturbed: string | null = null
  /** When the last fault began or ended, or the last process started. */
  #faultsUs = 0

  constructor(options: RealWorldOptions) {
    this.#options = options
    const { schedule, kafka, judge, stopAt } = options
    const observe = (observation: Observation): void => this.observe(observation)
    this.cluster = new RealCluster(kafka.brokers)
    this.links = new Links({ access: kafka.toxiproxy, busy: this.busy, prefix: options.prefix })
    this.recorder = new Recorder({ nowUs: () => this.#clock.nowUs, judge, stopAt })
    this.recorder.listen((event) => this.#note(event))
    const holds = new Holds(schedule.holds)
    this.#outside = new Outside({
      consumed: new ClustersConsumed([]),
      scheduler: { after: (delayUs, action, step) => this.#step(delayUs, action, step) },
      plans: this.#plans,
      random: createChance(schedule.seed).stream('outside'),
      written: this.#written,
      misused: (error) => this.fail(error),
      observe,
    })
    this.#calls = new NamedCalls({ observe, holds })
    this.#store = new StoreHost(this.#outside, this.#calls)
    this.services = new RealServices({
      ...options,
      seed: schedule.seed,
      clock: this.#clock,
      calls: this.#calls,
      incarnationOf: (name) => this.crew.get(name)?.living ?? null,
      observe,
      failed: (error) => this.fail(error),
    })
    this.recorder.listen((event) => this.services.observe(event))
    this.#learner = new Learner({ observe, topicName: (id) => this.#feed.topicName(id) })
    const { logs, groups } = this.#learner
    const { busy, cluster } = this
    this.#feed = new RealFeed({
      schedule,
      cluster,
      isOurs: kafka.isOurs,
      clock: this.#clock,
      busy,
      logs,
      observe,
    })
    this.#keeper = this.#makeKeeper(holds)
    this.#expiry = new Expiry({ cluster, groups, clock: this.#clock, onError: (error) => this.fail(error) })
    this.crew = this.#assemble(holds)
    this.#timeline = new FaultTimeline({
      faults: schedule.faults,
      workload: this.#feed.planned,
      recorder: this.recorder,
      scheduler: this.#faultTime(),
      // A held process stands exactly at the event: there is nothing in the middle of which a fault
      // could act.
      atOnce: () => true,
      begin: (fault) => this.#begin(fault),
    })
  }

  #makeKeeper(holds: Holds): Keeper {
    const { busy, links } = this
    return new Keeper({
      ...this.#options,
      busy,
      links,
      holds,
      learner: this.#learner,
      observe: (observation) => this.observe(observation),
      process: (name) => this.crew.get(name),
      failed: (error) => this.fail(error),
      follow: (exchange) => this.#follow(exchange),
    })
  }

  #assemble(holds: Holds): Crew {
    const { kafka } = this.#options
    const { groups } = this.#learner
    return new Crew({
      ...this.#options,
      gateBind: kafka.toxiproxy.gateBind,
      cluster: this.cluster,
      links: this.links,
      busy: this.busy,
      clock: this.#clock,
      keeper: this.#keeper,
      outside: this.#outside,
      store: this.#store,
      plans: this.#plans,
      holds,
      observe: (observation) => this.observe(observation),
      generationOf: (memberId) => groups.generationOf(memberId),
      services: this.services.addresses,
      routesOf: (name) => this.services.routesOf(name),
      step: (delayUs, action, step, by) => this.#step(delayUs, action, step, by),
      failed: (error) => this.fail(error),
      ended: (process, incarnation) => this.#expiry.watch(process, incarnation),
    })
  }

  get nowUs(): number {
    return this.#clock.nowUs
  }

  /** A failure of the replay itself. */
  get failure(): Error | null {
    return this.#failure ?? this.busy.failure
  }

  /** Why the replay itself has changed what came of this try, in one sentence, or null. */
  get disturbed(): string | null {
    return this.#disturbed
  }

  fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error))
  }

  /** Topics, coordinators, processes; resolves when the workload's own time begins. */
  async start(groups: readonly string[]): Promise<void> {
    const { committed = {} } = this.#options.schedule.workload
    for (const group of new Set([...groups, ...Object.keys(committed)])) {
      // Nobody but us may move what is not ours.
      if (this.kafka.isOurs) await layOutGroup(this.cluster, group)
      await demandNoGroup(this.cluster, group)
    }
    await spendFirstProducerIds(this.cluster)
    await this.#feed.prepare()
    for (const [group, begins] of Object.entries(committed)) {
      this.#groupsMade.add(group)
      const offsets = positionsOf(begins)
      const error = await setOffsets(this.cluster, group, offsets)
      if (error !== 'NONE')
        throw new RealClusterError(`the cluster refused to set offsets of the group ${group}: ${error}`)
      for (const at of offsets) this.observe({ kind: 'offset-set', group, by: 'scenario', ...at })
    }
    await this.services.open(this.#everybody)
    await this.crew.start(processNames(this.#options.schedule.workload))
    this.#clock.begin()
  }

  /** Those that run from the start, and those that a fault adds. */
  get #everybody(): readonly string[] {
    const { workload, faults } = this.#options.schedule
    const added = faults.filter(({ kind }) => definitionOf(kind).target.isNew === true)
    return [...new Set([...processNames(workload), ...added.map(({ target }) => target)])]
  }

  /** Whether no further event is to be expected. */
  get finished(): boolean {
    const { commitsUnderway, transactions } = this.#learner
    if (!this.#feed.done || this.#outside.busy) return false
    const changing =
      this.crew.changing || commitsUnderway > 0 || transactions.open > 0 || this.#markers.size > 0
    return this.#quiet.isOver(this.nowUs, {
      way: changing || this.#expiry.awaited > 0 || this.#timeline.lasting,
    })
  }

  /**
   * All faults that can act have acted and healed, and there is nothing left to consume, or nobody
   * to do it.
   */
  get isQuiet(): boolean {
    if (this.#timeline.lasting) return false
    return this.finished || (this.crew.idle && !this.#clock.waiting && this.#expiry.awaited === 0)
  }

  /** Milliseconds since all faults are over; 0 while some last, or are to come. */
  get msSinceFaults(): number {
    if (this.#timeline.lasting || this.skipped().length > 0) return 0
    return (this.nowUs - this.#faultsUs) / 1000
  }

  skipped(): readonly SkippedFault[] {
    return this.#timeline.skipped()
  }

  /** Every fault heals, and every process that nobody would start again is started. */
  heal(): void {
    this.#plans.heal()
    this.#keeper.heal()
    this.#calls.heal()
    this.#timeline.drain()
    this.busy.add(() => this.#feed.release())
    this.crew.ensureRunning()
  }

  /** Looks in the logs for transactions that nobody ended, before the last word. */
  async settle(): Promise<void> {
    for (const transaction of this.#learner.transactions.takeEnding(true)) this.#awaitMarkers(transaction)
    await Promise.all(this.#markers)
    await this.busy.done()
  }

  /** Nothing is waited for as long as otherwise: the run was stopped, or a part of it failed. */
  hasten(): void {
    this.cluster.hasten(PATIENCE_IN_TROUBLE_MS)
  }

  /**
   * Stops everything and leaves nothing on the cluster. A failure of one step does not keep the
   * rest from being done.
   */
  async stop({ inTrouble }: { readonly inTrouble: boolean }): Promise<void> {
    if (inTrouble) this.hasten()
    this.recorder.close()
    this.#clock.stop()
    this.#options.conductor.end()
    const attempt = (work: () => Promise<unknown>): Promise<unknown> =>
      work().catch((error: unknown) => this.fail(error))
    await attempt(() => this.crew.stop())
    await attempt(() => this.links.close())
    await attempt(() => this.services.close())
    for (const group of new Set([...this.#groupsMade, ...this.#learner.groups.names]))
      await attempt(() => removeGroup(this.cluster, group))
    await attempt(() => this.#feed.clean())
    this.cluster.close()
  }

  /** Ends what strikes until a client gives up. */
  #givenUp(event: HistoryEvent): void {
    for (const each of [this.#plans, this.#keeper, this.#calls]) each.observe(event)
  }

  // --- what faults act on

  get kafka(): RealKafka {
    return this.#options.kafka
  }

  get graceMs(): number {
    return this.#options.graceMs
  }

  process(name: string): RealProcess | null {
    return this.crew.get(name)
  }

  consumersOf(group: string): ReturnType<RealFaultWorld['consumersOf']> {
    return this.#learner.groups.consumersOf(group)
  }

  groupDeleted(group: string): void {
    this.#learner.groupDeleted(group)
  }

  startProcess(name: string): boolean {
    return this.crew.join(name)
  }

  armRequest(request: string, action: RequestAction, times?: InARow): void {
    this.#keeper.arm(request, action, times)
  }

  armRecord(record: string, plan: RecordPlan): void {
    this.#plans.arm(record, plan)
  }

  armCall(call: string, action: CallAction, times?: InARow): void {
    this.#calls.arm(call, action, times)
  }

  stopService(name: string): Heal | null {
    return name === STORE_NAME ? this.#store.stop() : this.services.stop(name)
  }

  throttle(client: { readonly process: string; readonly broker: number }, throttleMs: number | null): void {
    this.#keeper.throttle(client, throttleMs)
  }

  nudge(process: string, broker: string): void {
    this.crew.nudge(process, broker)
  }

  appendKept(topic: string, partition: number): Promise<void> {
    return this.#feed.appendKept(topic, partition)
  }

  isWithheld(topic: string): boolean {
    return this.#feed.planned.isWithheld(topic)
  }

  makeTopic(topic: string): Promise<void> {
    return this.#feed.makeTopic(topic)
  }

  topicDeleted(topic: string): void {
    this.#feed.deleted(topic)
    this.#learner.topicDeleted(topic)
  }

  topicRecreated(topic: TopicDescription): void {
    this.#feed.recreated(topic)
  }

  observe(observation: Observation): void {
    if (!this.#clock.stopped) this.recorder.observe(observation)
  }

  // --- the run

  #note(event: HistoryEvent): void {
    this.#progress.observe(event)
    this.#written.observe(event)
    this.#quiet.observe(event)
    if (isGivenUp(event)) this.#givenUp(event)
    if (event.kind === 'fault' || event.kind === 'process-started') this.#faultsUs = event.timeUs
    this.#noteSession(event)
    const item = itemOf(event)
    if (item !== null) this.#options.conductor.note(item)
    this.#options.onEvent(event)
  }

  #noteSession(event: HistoryEvent): void {
    const { sessions } = this.#options
    if (event.kind === 'fault') sessions.faulted(event)
    if (event.kind === 'process-started') sessions.started(event)
    if (event.kind === 'process-crashed' || event.kind === 'process-exited') sessions.ended(event)
    if (event.kind === 'member-removed' && event.reason === 'session-expired')
      this.#disturbed ??= sessions.expelled(event.memberId)
  }

  /** A fault's time begins when it acts: that may take a call or two of the cluster. */
  #faultTime(): Pick<Scheduler, 'nowUs' | 'after'> {
    const { busy } = this
    const clock = this.#clock
    return {
      get nowUs() {
        return clock.nowUs
      },
      after: (delayUs, action) => busy.add(async () => clock.after(delayUs, action)),
    }
  }

  #begin(fault: Fault): ReturnType<typeof beginRealFault> {
    return beginRealFault(fault, this)
  }

  /** A step of the outside world takes its time, and then waits for its turn. */
  #step(
    delayUs: number,
    action: () => void,
    step: OutsideStep | undefined,
    { alive, awake }: Stepper = ANYBODY,
  ): void {
    const { conductor } = this.#options
    this.#clock.later(delayUs / 1000, () => {
      const whenItIsTime = async (): Promise<void> => {
        await awake()
        const item = step === undefined ? null : itemOfStep(step)
        if (item !== null) await conductor.turn(item, alive)
        await this.busy.done()
        if (this.#clock.stopped || !alive()) return
        if (item !== null) conductor.note(item)
        action()
      }
      whenItIsTime().catch((error: unknown) => this.fail(error))
    })
  }

  /**
   * Markers are looked for beside the run: an answer that waited for them would spare a producer
   * the CONCURRENT_TRANSACTIONS that it gets from a real cluster.
   */
  #follow(exchange: Exchange): void {
    const { api } = exchange
    if (isOf(exchange, 'Metadata') && exchange.injected !== true && exchange.answer !== null)
      this.#feed.told(exchange.answer)
    if (api !== 'EndTxn' && api !== 'InitProducerId') return
    for (const transaction of this.#learner.transactions.takeEnding()) this.#awaitMarkers(transaction)
  }

  #awaitMarkers(transaction: EndingTransaction): void {
    const found = this.#findMarkers(transaction)
      .catch((error: unknown) => {
        if (!this.#clock.stopped) this.fail(error)
      })
      .finally(() => this.#markers.delete(found))
    this.#markers.add(found)
  }

  async #findMarkers({ producerId, partitions, ended }: EndingTransaction): Promise<void> {
    let outcome: 'commit' | 'abort' | null = null
    for (const at of partitions) {
      outcome = await this.cluster.until(
        `write the markers of a transaction to ${partitionName(at)}`,
        async () => {
          const batches = readBatches(await this.cluster.read(at.topic, at.partition, 0n))
          this.#learner.logs.read(at, batches)
          return this.#learner.logs.outcomeOf(at, producerId)
        },
        MARKERS_MS,
      )
    }
    ended(outcome)
  }
}
