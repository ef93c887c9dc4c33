import { Worker } from 'node:worker_threads'
import { HarnessError, RunStopped } from '../../core/errors.ts'
import type { PreparedScenario } from '../../run/run.interface.ts'
import { type Runner, type Trial, type Tried, tryOut } from '../../search/trial.ts'
import {
  errorOf,
  type ScenarioAddress,
  type WorkerMessage,
  type WorkerSetup,
  type WorkerTask,
} from './messages.ts'

/**
 * Trials that are run here before workers are started: most defects are found sooner than a worker
 * is ready.
 */
const HERE_FIRST = 64

export interface PoolOptions {
  readonly prepared: PreparedScenario
  readonly address: ScenarioAddress
  /** How many workers, at least 2. */
  readonly jobs: number
  /** Trials that are run here before workers are started; default 64. */
  readonly hereFirst?: number
  /** Whether trials are to end where they are; asked now and then. */
  readonly stop?: () => boolean
}

interface Waiting {
  readonly trial: Trial
  readonly resolve: (tried: Tried) => void
  readonly reject: (error: Error) => void
}

/** How often a worker is looked at that has a trial. */
const LOOK_MS = 100
/** A worker that does not turn its event loop for this long loops, even on a busy machine. */
const SILENT_MS_MAX = 60_000
/** When it is to stop. */
const STOPPING_MS_MAX = 5_000

/** The life of a worker, as far as it can be seen from here. */
interface Pulse {
  readonly beats: Int32Array
  seen: number
  sinceMs: number
}

/**
 * Worker threads that run the trials of a search. Each has a prepared scenario of its own. Until
 * all are ready, trials are run here, one at a time; after that, none.
 */
export class WorkerPool implements Runner {
  readonly #options: PoolOptions
  readonly #workers: Worker[] = []
  readonly #idle: Worker[] = []
  readonly #queue: Waiting[] = []
  readonly #underway: Map<Worker, Waiting> = new Map()
  readonly #pulses: Map<Worker, Pulse> = new Map()
  readonly #stop = sharedNumber()
  #looking: NodeJS.Timeout | null = null
  readonly #started = Promise.withResolvers<void>()
  #ready = 0
  #tried = 0
  #broken: Error | null = null
  #closing = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  get width(): number {
    return this.#ready < this.#options.jobs ? 1 : this.#options.jobs
  }

  try(trial: Trial): Promise<Tried> {
    if (this.#broken !== null) return Promise.reject(this.#broken)
    const { prepared, hereFirst = HERE_FIRST } = this.#options
    if (this.#tried >= hereFirst) this.start().catch(() => {})
    this.#tried += 1
    if (this.width === 1) return tryOut(prepared, trial, this.#options.stop)
    const { promise, resolve, reject } = Promise.withResolvers<Tried>()
    this.#queue.push({ trial, resolve, reject })
    this.#deal()
    return promise
  }

  /** Ends all workers, whatever they are at. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#looking !== null) clearInterval(this.#looking)
    this.#started.promise.catch(() => {})
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  /** Starts the workers, where they are not: trials go to them once all are ready. */
  start(): Promise<void> {
    if (this.#workers.length === 0) this.#spawn()
    return this.#started.promise
  }

  #spawn(): void {
    const { jobs, address, prepared } = this.#options
    const { guarantee: _, identity: __, ...learnt } = prepared.setting
    const task: WorkerTask = { ...address, learnt }
    // The worker's module stands beside this one, compiled or not.
    const module = new URL(import.meta.url.replace(/pool(\.\w+)$/, 'worker$1'))
    for (let index = 0; index < jobs; index += 1) {
      const beats = sharedNumber()
      const workerData: WorkerSetup = { task, stop: this.#stop, beats }
      const worker = new Worker(module, { workerData })
      this.#workers.push(worker)
      this.#pulses.set(worker, { beats, seen: 0, sinceMs: performance.now() })
      worker.on('message', (told: WorkerMessage) => this.#hear(worker, told))
      worker.on('error', (error: unknown) => this.#break(error))
      worker.on('exit', (code) => this.#break(new HarnessError(`a worker ended with code ${code}`)))
    }
  }

  #hear(worker: Worker, told: WorkerMessage): void {
    if (told.kind === 'ready') {
      this.#ready += 1
      worker.unref()
      this.#idle.push(worker)
      if (this.#ready === this.#options.jobs) this.#started.resolve()
      return this.#deal()
    }
    if (told.kind === 'broken') return this.#break(errorOf(told.error))
    const waiting = this.#underway.get(worker)
    this.#underway.delete(worker)
    worker.unref()
    this.#idle.push(worker)
    if (told.kind === 'tried') waiting?.resolve(told.tried)
    else waiting?.reject(errorOf(told.error))
    this.#deal()
  }

  #deal(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const worker = this.#idle.shift()
      const waiting = this.#queue.shift()
      if (worker === undefined || waiting === undefined) return
      this.#underway.set(worker, waiting)
      worker.ref()
      worker.postMessage(waiting.trial)
      this.#looking ??= setInterval(() => this.#look(), LOOK_MS).unref()
    }
  }

  /** Tells the workers when to stop; a trial whose worker loops is taken from it. */
  #look(): void {
    const stopping = this.#options.stop?.() === true
    if (stopping) Atomics.store(this.#stop, 0, 1)
    const nowMs = performance.now()
    for (const [worker, waiting] of this.#underway) {
      const pulse = this.#pulses.get(worker)
      if (pulse === undefined) continue
      const beat = Atomics.load(pulse.beats, 0)
      if (beat !== pulse.seen) {
        pulse.seen = beat
        pulse.sinceMs = nowMs
      } else if (nowMs - pulse.sinceMs > (stopping ? STOPPING_MS_MAX : SILENT_MS_MAX)) {
        this.#takeBack(worker, waiting, stopping)
      }
    }
  }

  /** The trial is run once more in this thread, where a watchdog can say who loops. */
  #takeBack(worker: Worker, { trial, resolve, reject }: Waiting, stopping: boolean): void {
    this.#underway.delete(worker)
    worker.removeAllListeners('exit')
    void worker.terminate()
    if (stopping) reject(new RunStopped())
    else tryOut(this.#options.prepared, trial, this.#options.stop).then(resolve, reject)
  }

  /** The pool is broken: no more schedules can be tried. */
  #break(cause: unknown): void {
    if (this.#closing || this.#broken !== null) return
    const error = cause instanceof Error ? cause : new HarnessError(String(cause))
    this.#broken = error
    this.#started.reject(error)
    for (const { reject } of [...this.#underway.values(), ...this.#queue]) reject(error)
  }
}

function sharedNumber(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}
