import type { AsyncResource } from 'node:async_hooks'
import type { UsageError } from '../core/errors.ts'
import { TIME_ZONE_DEFAULT } from '../core/locale.ts'
import type { Chance } from '../core/seed.ts'
import { active } from './active.ts'
import { lendExitCode, takeBackExitCode } from './ambient/exit-code.ts'
import { installAmbient } from './ambient/install.ts'
import { resetTimeZone, setTimeZone } from './ambient/locale.ts'
import { real } from './ambient/real.ts'
import { EventQueue, type QueuedEvent } from './event-queue.ts'
import { SimNetwork } from './network.ts'
import type { Proc, ProcessHost, ScheduleOptions } from './process.ts'
import type {
  Cancel,
  ProcessEvent,
  SimProcess,
  SimProcessHandle,
  Simulation,
  SimulationOptions,
  SpawnOptions,
  StopReason,
} from './simulation.interface.ts'
import { Supervisor } from './supervisor.ts'

const HOT_LOOP_EVENTS = 10_000
/**
 * Immediates that are queued ahead. Node drains ticks and microtasks between two immediates of one
 * turn of its event loop, and a turn costs several times as much as an immediate (see README.md).
 */
const IMMEDIATES_AHEAD = 64

/** @see Simulation */
export function createSimulation(options: SimulationOptions): Simulation {
  installAmbient()
  return new Engine(options)
}

class Engine implements Simulation, ProcessHost {
  nowUs = 0
  askedUs = 0
  events = 0
  readonly hotLoopEvents: number
  readonly epochMs: number
  readonly restartMs: number
  readonly chance: Chance
  readonly network: SimNetwork
  readonly onConsole: ProcessHost['onConsole']
  readonly adviceFor: ProcessHost['adviceFor']
  readonly #queue = new EventQueue<Proc>()
  readonly #options: SimulationOptions
  readonly #supervisors: Supervisor[] = []
  readonly #releases: (() => void)[] = []
  #sequence = 0
  #eventsAtOnce = 0
  #outstanding = 0
  #until: () => boolean = () => true
  #deadlineUs = 0
  #finish: ((reason: StopReason) => void) | null = null
  #break: ((error: unknown) => void) | null = null
  #refused: UsageError | null = null
  /** Real work that ends before anything else may happen. */
  #realWork = 0
  readonly #step = (): void => this.#nextImmediate()
  readonly #turn = (): void => this.#nextTurn()

  constructor(options: SimulationOptions) {
    this.#options = options
    setTimeZone(options.timeZone ?? TIME_ZONE_DEFAULT)
    this.epochMs = options.epochMs
    this.restartMs = options.restartMs
    this.chance = options.chance
    this.hotLoopEvents = options.hotLoopEvents ?? HOT_LOOP_EVENTS
    this.onConsole = options.onConsole
    this.adviceFor = options.adviceFor
    this.network = new SimNetwork(this, options.latency, options.tap)
  }

  onProcess(event: ProcessEvent): void {
    this.#options.onProcess(event)
  }

  schedule(
    delayUs: number,
    owner: Proc | null,
    action: () => void,
    { resource = null, askedUs = this.nowUs, seq = this.nextSeq(), timer = false }: ScheduleOptions = {},
  ): QueuedEvent<Proc> {
    const timeUs = this.nowUs + Math.max(0, Math.round(delayUs))
    const event: QueuedEvent<Proc> = { timeUs, askedUs, seq, owner, resource, timer, action }
    this.#queue.push(event)
    return event
  }

  nextSeq(): number {
    this.#sequence += 1
    return this.#sequence
  }

  holdTime(): Cancel {
    this.#realWork += 1
    return {
      cancel: () => {
        this.#realWork -= 1
      },
    }
  }

  cancel(event: QueuedEvent<Proc>): void {
    this.#queue.cancel(event)
  }

  after(delayUs: number, action: () => void): Cancel {
    const event = this.schedule(delayUs, null, action)
    return { cancel: () => this.cancel(event) }
  }

  afterIn(process: SimProcess, delayUs: number, action: () => void): Cancel {
    const proc = process as Proc
    proc.keepBusy()
    const event = this.schedule(delayUs, proc, () => {
      proc.letGo()
      action()
    })
    return {
      cancel: () => {
        if (event.action !== null) proc.letGo()
        this.cancel(event)
      },
    }
  }

  spawn(
    name: string,
    main: (process: SimProcess) => unknown,
    { env = {} }: SpawnOptions = {},
  ): SimProcessHandle {
    this.network.addProcess(name)
    const supervisor = new Supervisor({ name, host: this, env, main })
    this.#supervisors.push(supervisor)
    return supervisor
  }

  run({ until, deadlineUs }: { until: () => boolean; deadlineUs: number }): Promise<StopReason> {
    this.#until = until
    this.#deadlineUs = deadlineUs
    return new Promise((resolve, reject) => {
      this.#finish = resolve
      this.#break = reject
      if (this.#outstanding === 0) this.#queueImmediates()
    })
  }

  stopFor(error: UsageError): void {
    this.#refused ??= error
  }

  catchUp(process: Proc): void {
    if (process.catchingUp || process.deferred.length === 0) return
    process.catchingUp = true
    this.schedule(0, null, () => this.#catchUpOne(process))
  }

  atDispose(action: () => void): void {
    this.#releases.push(action)
  }

  dispose(): void {
    for (const supervisor of this.#supervisors) supervisor.dispose()
    this.#queue.clear()
    resetTimeZone()
    this.#stop('stopped')
    for (const release of this.#releases.splice(0)) release()
  }

  /**
   * A batch of events, and one immediate more, at which the last event's ticks and microtasks have
   * ended too.
   */
  #queueImmediates(): void {
    this.#outstanding = IMMEDIATES_AHEAD + 1
    for (let index = 0; index < IMMEDIATES_AHEAD; index += 1) real.setImmediate(this.#step)
    real.setImmediate(this.#turn)
  }

  #nextImmediate(): void {
    this.#outstanding -= 1
    if (stillDraining()) return
    settle()
    if (this.#finish === null || this.#realWork > 0) return
    try {
      if (this.#refused !== null) throw this.#refused
      this.#dispatchNext()
    } catch (error) {
      this.#breakWith(error)
    }
  }

  #nextTurn(): void {
    if (stillDraining()) {
      real.setImmediate(this.#turn)
      return
    }
    this.#outstanding -= 1
    settle()
    if (this.#finish !== null) this.#queueImmediates()
  }

  #dispatchNext(): void {
    if (this.#until()) return this.#stop('stopped')
    const event = this.#queue.peek()
    if (event === undefined) {
      // No event is left, and time goes by.
      this.nowUs = this.#deadlineUs
      return this.#stop('idle')
    }
    if (event.timeUs > this.#deadlineUs) {
      this.nowUs = this.#deadlineUs
      return this.#stop('deadline')
    }
    if (event.timeUs > this.nowUs) this.#eventsAtOnce = 0
    else if (++this.#eventsAtOnce > this.hotLoopEvents) return this.#stop('hot-loop')
    this.#queue.pop()
    this.nowUs = event.timeUs
    this.askedUs = event.askedUs
    this.events += 1
    this.#dispatch(event)
  }

  #dispatch(event: QueuedEvent<Proc>): void {
    const { owner, action } = event
    if (action === null) return
    if (owner !== null && (owner.paused || owner.deferred.length > 0)) {
      owner.deferred.push(event)
      return
    }
    event.action = null
    if (owner === null) action()
    else this.#actIn(owner, action, event.resource ?? owner.resource)
  }

  #catchUpOne(process: Proc): void {
    process.catchingUp = false
    if (!process.alive || process.paused) return
    let event = process.deferred.shift()
    while (event !== undefined && event.action === null) event = process.deferred.shift()
    this.catchUp(process)
    if (event === undefined || event.action === null) return
    const { action, resource } = event
    event.action = null
    this.#actIn(process, action, resource ?? process.resource)
  }

  #actIn(owner: Proc, action: () => void, resource: AsyncResource): void {
    active.owner = owner
    lendExitCode(owner)
    owner.run(action, resource)
  }

  #stop(reason: StopReason): void {
    const finish = this.#finish
    this.#finish = null
    this.#break = null
    finish?.(reason)
  }

  #breakWith(error: unknown): void {
    const broken = this.#break
    this.#finish = null
    this.#break = null
    broken?.(error)
  }
}

/**
 * After an error in a tick Node runs the next immediate at once, and the rest of the ticks after
 * that.
 */
function stillDraining(): boolean {
  const { disturbed } = active
  active.disturbed = false
  return disturbed
}

/** The last event has ended, with all that it caused at once. */
function settle(): void {
  const { owner } = active
  if (owner === null) return
  active.owner = null
  takeBackExitCode(owner)
  owner.considerIdle()
}
