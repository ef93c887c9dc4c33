import { AsyncLocalStorage } from 'node:async_hooks'
import type { Chance } from '../core/seed.ts'
import type { QueuedEvent } from './event-queue.ts'
import type { ClientNetwork, ProcessEvent, SimProcess, SimProcessHandle } from './simulation.interface.ts'

/** What a process needs of the engine that it lives in. */
export interface ProcessHost {
  readonly nowUs: number
  readonly epochMs: number
  readonly restartMs: number
  readonly chance: Chance
  readonly network: ClientNetwork
  schedule(delayUs: number, owner: Proc | null, action: () => void): QueuedEvent<Proc>
  requeue(events: readonly QueuedEvent<Proc>[]): void
  onProcess(event: ProcessEvent): void
  onConsole?: ((process: SimProcess, stream: 'stdout' | 'stderr', text: string) => void) | undefined
}

/** The async context of simulated code. */
export const context = new AsyncLocalStorage<Proc>()

/** Thrown by `process.exit` inside a simulated process so that the code behind it does not run. */
export const PROCESS_EXIT = Symbol('process.exit in a simulated process')

/** One incarnation of a simulated process. */
export class Proc implements SimProcess {
  readonly name: string
  readonly incarnation: number
  readonly host: ProcessHost
  readonly supervisor: Supervisor
  readonly data: Map<unknown, unknown> = new Map()
  alive = true
  paused = false
  terminating = false
  exitCode: number | undefined
  /** Events that came up while it was paused, in order. */
  readonly deferred: QueuedEvent<Proc>[] = []
  /** Called when the incarnation ends, however it ends: sockets close here. */
  readonly onEnd: Set<() => void> = new Set()
  /** Listeners of `process.on` inside it, by event name. */
  readonly listeners: Map<string | symbol, { listener: (...args: unknown[]) => void; once: boolean }[]> =
    new Map()
  #abort: AbortController | null = null

  constructor(name: string, incarnation: number, host: ProcessHost, supervisor: Supervisor) {
    this.name = name
    this.incarnation = incarnation
    this.host = host
    this.supervisor = supervisor
  }

  /** Whoever asks for the signal is taken to listen to it. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    return this.#abort.signal
  }

  get listensToSignal(): boolean {
    return this.#abort !== null
  }

  abort(reason: string): void {
    this.#abort?.abort(new Error(reason))
  }

  /** Runs code inside it; what the code throws is its crash. */
  run(action: () => void): void {
    try {
      context.run(this, action)
    } catch (error) {
      this.fail('uncaught exception', error)
    }
  }

  /** An error that nobody in it handled. */
  fail(what: string, error: unknown): void {
    if (!this.alive || error === PROCESS_EXIT) return
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    this.supervisor.crash({ restartMs: this.host.restartMs, reason: `${what}: ${text}` })
  }

  /** `process.exit(code)` inside it. */
  exit(code: number): void {
    if (this.alive) this.supervisor.exited(this, code)
  }

  end(): void {
    this.alive = false
    this.deferred.length = 0
    for (const action of this.onEnd) action()
    this.onEnd.clear()
  }
}

/** Keeps a process running over its incarnations, as Kubernetes would. */
export class Supervisor implements SimProcessHandle {
  readonly name: string
  readonly #host: ProcessHost
  readonly #main: (process: SimProcess) => unknown
  #current: Proc | null = null
  #starting: QueuedEvent<Proc> | null = null
  #restartMsAfterTerm: number | null = null
  #killTimer: QueuedEvent<Proc> | null = null
  incarnations = 0

  constructor(name: string, host: ProcessHost, main: (process: SimProcess) => unknown) {
    this.name = name
    this.#host = host
    this.#main = main
    this.#startAfter(0)
  }

  get current(): Proc | null {
    return this.#current
  }

  get changing(): boolean {
    return this.#starting !== null || this.#current?.terminating === true
  }

  crash({ restartMs, reason = 'SIGKILL' }: { restartMs: number | null; reason?: string }): void {
    const process = this.#end()
    if (process === null) return
    this.#host.onProcess({ kind: 'crashed', process, reason })
    if (restartMs !== null && !process.terminating) this.#startAfter(restartMs)
    else if (process.terminating) this.#startAfter(this.#restartMsAfterTerm)
  }

  exited(process: Proc, code: number): void {
    if (this.#current !== process) return
    const asked = process.terminating
    this.#end()
    this.#host.onProcess({ kind: 'exited', process, code, asked })
    this.#startAfter(asked ? this.#restartMsAfterTerm : this.#host.restartMs)
  }

  pause(durationMs: number): void {
    const process = this.#current
    if (process === null || process.paused) return
    process.paused = true
    this.#host.onProcess({ kind: 'paused', process })
    this.#host.schedule(durationMs * 1000, null, () => {
      if (this.#current === process) this.resume()
    })
  }

  resume(): void {
    const process = this.#current
    if (process === null || !process.paused) return
    process.paused = false
    this.#host.onProcess({ kind: 'resumed', process })
    this.#host.requeue(process.deferred.splice(0))
  }

  terminate({ graceMs, restartMs }: { graceMs: number; restartMs: number | null }): void {
    const process = this.#current
    if (process === null) {
      if (restartMs === null) this.#cancelStart()
      return
    }
    if (process.terminating) return
    process.terminating = true
    this.#restartMsAfterTerm = restartMs
    this.#host.onProcess({ kind: 'terminating', process })
    this.#killTimer = this.#host.schedule(graceMs * 1000, null, () => {
      if (this.#current !== process) return
      this.#host.onProcess({ kind: 'shutdown-timeout', process, graceMs })
      this.crash({ restartMs, reason: 'SIGKILL after its grace period' })
    })
    const handled = process.listensToSignal || (process.listeners.get('SIGTERM')?.length ?? 0) > 0
    this.#host.schedule(0, process, () => {
      if (!handled) return process.exit(143)
      process.abort('SIGTERM')
      emitSignal(process, 'SIGTERM')
    })
  }

  ensureRunning(): void {
    if (this.#current === null && this.#starting === null) this.#startAfter(0)
  }

  dispose(): void {
    this.#cancelStart()
    this.#end()
  }

  #end(): Proc | null {
    const process = this.#current
    this.#current = null
    if (this.#killTimer !== null) this.#killTimer.action = null
    this.#killTimer = null
    process?.end()
    return process
  }

  #cancelStart(): void {
    if (this.#starting !== null) this.#starting.action = null
    this.#starting = null
  }

  #startAfter(delayMs: number | null): void {
    if (delayMs === null) return
    this.#cancelStart()
    this.#starting = this.#host.schedule(delayMs * 1000, null, () => {
      this.#starting = null
      this.#start()
    })
  }

  #start(): void {
    this.incarnations += 1
    const process = new Proc(this.name, this.incarnations, this.#host, this)
    this.#current = process
    this.#host.onProcess({ kind: 'started', process })
    process.run(() => {
      const result = this.#main(process)
      if (isThenable(result)) result.then(undefined, (error) => process.fail('uncaught exception', error))
    })
  }
}

/** Calls what `process.on(signal)` registered inside the process. */
export function emitSignal(process: Proc, signal: string): boolean {
  const entries = process.listeners.get(signal)
  if (entries === undefined || entries.length === 0) return false
  process.listeners.set(
    signal,
    entries.filter(({ once }) => !once),
  )
  for (const { listener } of entries) listener(signal, 15)
  return true
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
