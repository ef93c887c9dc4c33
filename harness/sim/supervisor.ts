import { restoreGlobals } from './ambient/globals.ts'
import type { QueuedEvent } from './event-queue.ts'
import { Overlay } from './overlay.ts'
import { type IncarnationOwner, Proc, type ProcessHost } from './process.ts'
import type { SimProcess, SimProcessHandle } from './simulation.interface.ts'
import { WallClock } from './wall-clock.ts'

export interface SupervisorOptions {
  readonly name: string
  readonly host: ProcessHost
  readonly env: Readonly<Record<string, string>>
  readonly main: (process: SimProcess) => unknown
}

/** Keeps a process running over its incarnations, as Kubernetes would. */
export class Supervisor implements SimProcessHandle, IncarnationOwner {
  readonly name: string
  /** Its machine's: it outlives the process. */
  readonly clock: WallClock
  readonly #options: SupervisorOptions
  readonly #host: ProcessHost
  readonly #files: Overlay
  #current: Proc | null = null
  #starting: QueuedEvent<Proc> | null = null
  #restartMsAfterTerm: number | null = null
  #killTimer: QueuedEvent<Proc> | null = null
  #pauses = 0
  incarnations = 0

  constructor(options: SupervisorOptions) {
    this.name = options.name
    this.#options = options
    this.#host = options.host
    this.#files = new Overlay(options.name)
    const { epochMs } = options.host
    this.clock = new WallClock({
      nowUs: () => this.#host.nowUs,
      epochMs,
      onSet: () => this.#current?.clockWasSet(),
    })
    this.#startAfter(0)
  }

  get current(): Proc | null {
    return this.#current
  }

  get changing(): boolean {
    return this.#starting !== null || this.ending
  }

  /** Whether the process was asked to end, and is still there. */
  get ending(): boolean {
    return this.#current?.terminating === true
  }

  crash({ restartMs, reason = 'SIGKILL' }: { restartMs: number | null; reason?: string }): void {
    const process = this.#end()
    if (process === null) return
    this.#host.onProcess({ kind: 'crashed', process, reason })
    this.#startAfter(process.terminating ? this.#restartMsAfterTerm : restartMs)
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
    this.#pauses += 1
    const pause = this.#pauses
    this.#host.onProcess({ kind: 'paused', process })
    this.#host.schedule(durationMs * 1000, null, () => {
      if (this.#current === process && this.#pauses === pause) this.resume()
    })
  }

  resume(): void {
    const process = this.#current
    if (process === null || !process.paused) return
    process.paused = false
    process.putTimersFirst()
    this.#host.onProcess({ kind: 'resumed', process })
    this.#host.catchUp(process)
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
    this.#host.schedule(0, process, () => process.receive('SIGTERM'))
  }

  ensureRunning(): void {
    if (this.#current?.terminating === true) this.#restartMsAfterTerm ??= 0
    else if (this.#current === null && this.#starting === null) this.#startAfter(0)
  }

  dispose(): void {
    this.#cancelStart()
    this.#end()
    this.#files.dispose()
  }

  #end(): Proc | null {
    const process = this.#current
    this.#current = null
    if (this.#killTimer !== null) this.#host.cancel(this.#killTimer)
    this.#killTimer = null
    process?.end()
    return process
  }

  #cancelStart(): void {
    if (this.#starting !== null) this.#host.cancel(this.#starting)
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
    restoreGlobals()
    const { name, host, env, main } = this.#options
    this.incarnations += 1
    const process = new Proc({
      name,
      host,
      env,
      keeper: this,
      incarnation: this.incarnations,
      files: this.#files,
    })
    this.#current = process
    host.onProcess({ kind: 'started', process })
    host.schedule(0, process, () => {
      const result = main(process)
      if (isThenable(result)) result.then(undefined, (error) => process.raise(error, 'unhandledRejection'))
    })
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
