import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { EventEmitter, getEventListeners } from 'node:events'
import os from 'node:os'
import { errorText } from '../core/error-text.ts'
import { UsageError } from '../core/errors.ts'
import type { Chance, Stream } from '../core/seed.ts'
import { errorWithPlace } from './call-site.ts'
import type { QueuedEvent } from './event-queue.ts'
import type { Overlay } from './overlay.ts'
import type {
  Cancel,
  ClientNetwork,
  OutsideAddress,
  ProcessEvent,
  SimProcess,
} from './simulation.interface.ts'
import type { WallClock } from './wall-clock.ts'

/**
 * Options of an event: its place among others at its time, if not the place where it is created.
 */
export interface ScheduleOptions {
  readonly resource?: AsyncResource | null
  readonly askedUs?: number
  readonly seq?: number
  readonly timer?: boolean
}

/** The services that a process uses of its engine. */
export interface ProcessHost {
  readonly nowUs: number
  /** Events dispatched so far. */
  readonly events: number
  readonly epochMs: number
  readonly restartMs: number
  readonly chance: Chance
  readonly network: ClientNetwork
  schedule(delayUs: number, owner: Proc | null, action: () => void, how?: ScheduleOptions): QueuedEvent<Proc>
  /** The next number in the order of creation. */
  nextSeq(): number
  /** Real work is under way: nothing happens until it ends. */
  holdTime(): Cancel
  cancel(event: QueuedEvent<Proc>): void
  /** When the event that is being worked on was asked for. */
  readonly askedUs: number
  /** The process goes on: what it missed happens now, in its order, before anything new. */
  catchUp(process: Proc): void
  /**
   * Simulated code left the simulation, or used the harness wrongly: the run ends before its next
   * event.
   */
  stopFor(error: UsageError): void
  /** Done once nothing of this simulation can happen any more: what would keep it is let go. */
  atDispose(action: () => void): void
  onProcess(event: ProcessEvent): void
  onConsole?: ((process: SimProcess, stream: 'stdout' | 'stderr', text: string) => void) | undefined
  /** Suggests a replacement for an address outside; null: none is known. */
  adviceFor?: ((address: OutsideAddress) => string | null) | undefined
}

/** Decides what follows the end of an incarnation. */
export interface IncarnationOwner {
  readonly clock: WallClock
  crash(options: { readonly restartMs: number | null; readonly reason?: string }): void
  exited(process: Proc, code: number): void
}

/** The async context of simulated code. */
export const context = new AsyncLocalStorage<Proc>()

/** Thrown by `process.exit` inside a simulated process so that the code behind it does not run. */
export const PROCESS_EXIT = Symbol('process.exit in a simulated process')

export type ErrorOrigin = 'uncaughtException' | 'unhandledRejection'
const ORIGIN_WORDS: Readonly<Record<ErrorOrigin, string>> = {
  uncaughtException: 'uncaught exception',
  unhandledRejection: 'unhandled rejection',
}

/**
 * How long a process that was asked to end must have been without any work to be taken for ended.
 */
const IDLE_US = 1_000_000
const PID_FIRST = 100

/** One incarnation of a simulated process. */
export class Proc implements SimProcess {
  readonly name: string
  readonly incarnation: number
  readonly host: ProcessHost
  readonly keeper: IncarnationOwner
  readonly startedUs: number
  /** As in a container of its own: the first incarnation has the first one. */
  readonly pid: number
  /**
   * Environment variables on top of the real ones, and those of the real ones that it has read;
   * undefined: it has none.
   */
  readonly env: Record<string, string | undefined>
  readonly data: Map<unknown, unknown> = new Map()
  /** The files that the process has written, over all of its incarnations. */
  readonly files: Overlay
  /** Carries this process's async context. */
  readonly resource: AsyncResource
  /** Timers that somebody took the number of. */
  readonly timersById: Map<number, { close(): unknown }> = new Map()
  alive = true
  paused = false
  terminating = false
  exiting = false
  exitCode: number | string | undefined
  /** How often it has read the clock within the event that it is at, by that event's number. */
  readonly clockReads: { event: number; count: number } = { event: -1, count: 0 }
  /** Timers that are computed from its wall clock: they look again when it is set. */
  readonly clockWatchers: Set<() => void> = new Set()
  /** Events that came up while it was paused, in order. */
  readonly deferred: QueuedEvent<Proc>[] = []
  /** The next of them has its turn in the queue. */
  catchingUp = false
  /** Called when the incarnation ends, however it ends: sockets close here. */
  readonly onEnd: Set<() => void> = new Set()
  #timerIds = 0
  #holds = 0
  #holdsEver = 0
  #idleCheck: QueuedEvent<Proc> | null = null
  #emitter: EventEmitter | null = null
  #abort: AbortController | null = null
  #random: Stream | null = null

  constructor(options: {
    name: string
    incarnation: number
    host: ProcessHost
    keeper: IncarnationOwner
    env: Readonly<Record<string, string>>
    files: Overlay
  }) {
    this.files = options.files
    this.name = options.name
    this.incarnation = options.incarnation
    this.host = options.host
    this.keeper = options.keeper
    this.env = Object.assign(Object.create(null) as object, options.env)
    this.startedUs = options.host.nowUs
    this.pid = PID_FIRST + options.incarnation - 1
    this.resource = context.run(
      this,
      () => new AsyncResource('OnceoverProcess', { requireManualDestroy: true }),
    )
  }

  /** Chance inside the process has its own stream of the run's seed. */
  get random(): Stream {
    this.#random ??= this.host.chance.stream(`random/${this.name}/${this.incarnation}`)
    return this.#random
  }

  /** Listeners of `process.on` inside it. */
  get emitter(): EventEmitter {
    this.#emitter ??= new EventEmitter()
    return this.#emitter
  }

  get signal(): AbortSignal {
    if (this.#abort === null) {
      this.#abort = new AbortController()
      Object.setPrototypeOf(this.#abort.signal, WATCHED_SIGNAL)
    }
    return this.#abort.signal
  }

  /** Runs code inside it; what the code throws is its own trouble. */
  run(action: () => void, resource: AsyncResource = this.resource): void {
    try {
      resource.runInAsyncScope(action)
    } catch (error) {
      this.raise(error, 'uncaughtException')
    }
  }

  /**
   * Runs code inside it later, in the async context of the caller, as something that it waits for.
   */
  soon(delayUs: number, action: () => void): void {
    if (!this.alive) return
    this.keepBusy()
    const resource = new AsyncResource('OnceoverWork', { requireManualDestroy: true })
    const done = (): void => {
      this.letGo()
      action()
    }
    this.host.schedule(delayUs, this, done, { resource })
  }

  /** Numbers of timers start again in each process. */
  nextTimerId(): number {
    this.#timerIds += 1
    return this.#timerIds
  }

  /**
   * After a pause, Node's loop lets all timers that are due go off, and then looks at its sockets.
   */
  putTimersFirst(): void {
    this.deferred.sort((a, b) => Number(b.timer) - Number(a.timer))
  }

  clockWasSet(): void {
    for (const look of [...this.clockWatchers]) look()
  }

  keepBusy(): void {
    this.#holds += 1
    this.#holdsEver += 1
  }

  letGo(): void {
    this.#holds -= 1
  }

  /** Counts one reason to stay alive: whether it was there, and is now. @returns whether it is */
  counted(was: boolean, is: boolean): boolean {
    if (is && !was) this.keepBusy()
    else if (was && !is) this.letGo()
    return is
  }

  hold(): Cancel {
    this.keepBusy()
    let held = true
    return {
      cancel: () => {
        if (held) this.letGo()
        held = false
      },
    }
  }

  /** An error that nobody in it caught: its listeners hear of it, or it is the end, as in Node. */
  raise(error: unknown, origin: ErrorOrigin, promise?: unknown): void {
    if (!this.alive || error === PROCESS_EXIT) return
    let last = error
    try {
      if (this.resource.runInAsyncScope(() => this.#tellListeners(error, origin, promise))) return
    } catch (thrown) {
      last = thrown
    }
    if (last === PROCESS_EXIT || !this.alive) return
    if (last instanceof UsageError) this.host.stopFor(last)
    this.#emitExit(1)
    this.host.onConsole?.(this, 'stderr', `${ORIGIN_WORDS[origin]}: ${errorWithPlace(last)}\n`)
    this.keeper.crash({
      restartMs: this.host.restartMs,
      reason: `${ORIGIN_WORDS[origin]}: ${errorText(last)}`,
    })
  }

  #tellListeners(error: unknown, origin: ErrorOrigin, promise: unknown): boolean {
    const emitter = this.#emitter
    if (emitter === null) return false
    if (origin === 'unhandledRejection' && emitter.emit('unhandledRejection', error, promise)) return true
    emitter.emit('uncaughtExceptionMonitor', error, origin)
    return emitter.emit('uncaughtException', error, origin)
  }

  /** `process.exit(code)` inside it. */
  exit(code: number): void {
    if (!this.alive || this.exiting) return
    this.#emitExit(code)
    this.keeper.exited(this, Number(this.exitCode))
  }

  #emitExit(code: number): void {
    this.exiting = true
    this.exitCode = code
    try {
      this.resource.runInAsyncScope(() => this.#emitter?.emit('exit', code))
    } catch (error) {
      if (error !== PROCESS_EXIT) this.exitCode = 1
    }
  }

  /** A signal arrives: its listeners run, or it ends the process. */
  receive(signal: NodeJS.Signals): void {
    if (!this.alive) return
    const number = os.constants.signals[signal]
    const listened = (this.#emitter?.listenerCount(signal) ?? 0) > 0
    const stops = signal === 'SIGTERM' && this.#listensToSignal
    if (!listened && !stops) return this.keeper.exited(this, 128 + number)
    if (stops) this.#abort?.abort(new Error(signal))
    this.#emitter?.emit(signal, signal, number)
  }

  get #listensToSignal(): boolean {
    if (this.#abort === null) return false
    const { signal } = this.#abort
    return askedSignals.has(signal) || getEventListeners(signal, 'abort').length > 0
  }

  /**
   * Asked after each of its events: a process that was asked to end, and has no work left, ends by
   * itself.
   */
  considerIdle(): void {
    if (!this.terminating || this.#holds > 0 || this.#idleCheck !== null || !this.alive) return
    const holdsEver = this.#holdsEver
    this.#idleCheck = this.host.schedule(IDLE_US, this, () => {
      this.#idleCheck = null
      if (this.#holds > 0 || this.#holdsEver !== holdsEver) return
      const code = Number(this.exitCode ?? 0)
      this.#emitter?.emit('beforeExit', code)
      if (this.#holds === 0) this.exit(code)
    })
  }

  end(): void {
    this.alive = false
    this.deferred.length = 0
    for (const action of this.onEnd) action()
    this.onEnd.clear()
    this.timersById.clear()
    this.clockWatchers.clear()
  }
}

/** Code that asks a signal whether it is aborted counts as listening to it. */
const askedSignals = new WeakSet<AbortSignal>()

const WATCHED_SIGNAL: object = Object.create(AbortSignal.prototype, {
  aborted: {
    configurable: true,
    get(this: AbortSignal): boolean {
      askedSignals.add(this)
      return Reflect.get(AbortSignal.prototype, 'aborted', this) as boolean
    },
  },
  throwIfAborted: {
    configurable: true,
    value(this: AbortSignal): void {
      askedSignals.add(this)
      AbortSignal.prototype.throwIfAborted.call(this)
    },
  },
})
