import { Worker } from 'node:worker_threads'
import { HarnessError } from '../../core/errors.ts'
import type { PreparedScenario } from '../../run/run.interface.ts'
import { type Runner, type Trial, type Tried, tryOut } from '../../search/trial.ts'
import { errorOf, type ScenarioAddress, type WorkerMessage, type WorkerTask } from './messages.ts'

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
}

interface Waiting {
  readonly trial: Trial
  readonly resolve: (tried: Tried) => void
  readonly reject: (error: Error) => void
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
    if (this.width === 1) return tryOut(prepared, trial)
    const { promise, resolve, reject } = Promise.withResolvers<Tried>()
    this.#queue.push({ trial, resolve, reject })
    this.#deal()
    return promise
  }

  /** Ends all workers, whatever they are at. */
  async close(): Promise<void> {
    this.#closing = true
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
      const worker = new Worker(module, { workerData: task })
      this.#workers.push(worker)
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
    }
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
