import { Worker } from 'node:worker_threads'
import { HarnessError, RunStopped } from '../../core/errors.ts'
import type { PreparedScenario } from '../../run/run.interface.ts'
import { type Runner, type Trial, type Tried, tryOut } from '../../search/trial.ts'
import { type Beats, type Look, Pulse, sharedBeats } from '../heartbeat.ts'
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
/**
 * Workers are started where at least so many trials are left. To start one takes as much CPU as
 * some 60 trials, and its first trials are slow, since V8 compiles all again.
 */
const WORTH_WORKERS = 300

export interface PoolOptions {
  /** Its runs wait for each other: a trial may be run here while the search shrinks. */
  readonly prepared: PreparedScenario
  readonly address: ScenarioAddress
  /** How many workers, at least 2. */
  readonly jobs: number
  /** How many trials there may be; Infinity: until `stop` says so. */
  readonly trials: number
  /** Whether trials are to end where they are; asked now and then. */
  readonly stop?: () => boolean
  /** A worker that is silent for longer loops, even on a busy machine; default 60 s. */
  readonly silentMsMax?: number
}

interface WaitingTrial {
  readonly trial: Trial
  readonly resolve: (tried: Tried) => void
  readonly reject: (error: Error) => void
}

/** A worker, and the trial that it is at; null: none. */
interface PoolMember {
  readonly worker: Worker
  readonly beats: Beats
  isReady: boolean
  at: (WaitingTrial & { readonly pulse: Pulse }) | null
}

/** How often workers are looked at, and how long after a look the next one is late. */
const LOOK_MS = 100
const LATE_MS = 1_000
const SILENT_MS_MAX = 60_000
/** When it is to stop. */
const STOPPING_MS_MAX = 5_000

/**
 * Worker threads that run the trials of a search. Each has a prepared scenario of its own. Until
 * all are ready, trials are run here, one at a time; after that, none but those whose worker loops.
 */
export class WorkerPool implements Runner {
  readonly #options: PoolOptions
  readonly #members: Set<PoolMember> = new Set()
  readonly #queue: WaitingTrial[] = []
  readonly #stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  #looking: NodeJS.Timeout | null = null
  readonly #started = Promise.withResolvers<void>()
  #isStarted = false
  #tried = 0
  #broken: Error | null = null
  #closing = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  get width(): number {
    return this.#isStarted ? this.#options.jobs : 1
  }

  try(trial: Trial): Promise<Tried> {
    if (this.#broken !== null) return Promise.reject(this.#broken)
    const left = this.#options.trials - this.#tried
    if (this.#tried >= HERE_FIRST && left >= WORTH_WORKERS) this.start().catch(() => {})
    this.#tried += 1
    if (!this.#isStarted) return this.#tryHere(trial)
    const { promise, resolve, reject } = Promise.withResolvers<Tried>()
    this.#queue.push({ trial, resolve, reject })
    this.#deal()
    return promise
  }

  #tryHere(trial: Trial): Promise<Tried> {
    return tryOut(this.#options.prepared, trial, this.#options.stop)
  }

  /** Ends all workers, whatever they are at. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#looking !== null) clearInterval(this.#looking)
    this.#started.promise.catch(() => {})
    await Promise.all([...this.#members].map(({ worker }) => worker.terminate()))
  }

  /** Starts the workers, where they are not: trials go to them once all are ready. */
  start(): Promise<void> {
    while (!this.#isStarted && this.#members.size < this.#options.jobs) this.#spawn()
    return this.#started.promise
  }

  #spawn(): void {
    const { address, prepared } = this.#options
    const { guarantee: _, identity: __, ...learnt } = prepared.setting
    const task: WorkerTask = { ...address, learnt }
    const beats = sharedBeats()
    const workerData: WorkerSetup = { task, stop: this.#stop, beats }
    // The worker's module stands beside this one, compiled or not.
    const worker = new Worker(new URL(import.meta.url.replace(/pool(\.\w+)$/, 'worker$1')), { workerData })
    const member: PoolMember = { worker, beats, isReady: false, at: null }
    this.#members.add(member)
    worker.on('message', (told: WorkerMessage) => this.#hear(member, told))
    worker.on('error', (error: unknown) => this.#break(error))
    worker.on('exit', (code) => this.#break(new HarnessError(`a worker ended with code ${code}`)))
  }

  #hear(member: PoolMember, told: WorkerMessage): void {
    if (told.kind === 'broken') return this.#break(errorOf(told.error))
    const { at: waiting, worker } = member
    member.at = null
    worker.unref()
    if (told.kind === 'ready') member.isReady = true
    else if (told.kind === 'tried') waiting?.resolve(told.tried)
    else waiting?.reject(errorOf(told.error))
    if ([...this.#members].every(({ isReady }) => isReady)) {
      this.#isStarted = true
      this.#started.resolve()
    }
    this.#deal()
  }

  #deal(): void {
    for (const member of this.#members) {
      if (!member.isReady || member.at !== null) continue
      const waiting = this.#queue.shift()
      if (waiting === undefined) return
      member.at = { ...waiting, pulse: new Pulse(member.beats, LATE_MS, lookNow()) }
      member.worker.ref()
      member.worker.postMessage(waiting.trial)
      this.#looking ??= setInterval(() => this.#look(), LOOK_MS).unref()
    }
  }

  /** Tells the workers when to stop; a trial whose worker loops is taken from it. */
  #look(): void {
    const { stop, silentMsMax = SILENT_MS_MAX } = this.#options
    const stopping = stop?.() === true
    if (stopping) Atomics.store(this.#stop, 0, 1)
    const look = lookNow()
    for (const member of this.#members) {
      if (member.at === null) continue
      const { wallMs } = member.at.pulse.silentAt(look)
      if (wallMs > (stopping ? STOPPING_MS_MAX : silentMsMax)) this.#takeBack(member, member.at, stopping)
    }
  }

  /**
   * The trial is run once more in this thread, where a watchdog can name the process that
   * loops; another worker takes the place.
   */
  #takeBack(member: PoolMember, { trial, resolve, reject }: WaitingTrial, stopping: boolean): void {
    const { worker } = member
    this.#members.delete(member)
    worker.removeAllListeners('exit')
    void worker.terminate()
    if (stopping) return reject(new RunStopped())
    this.#spawn()
    this.#tryHere(trial).then(resolve, reject)
  }

  /** The pool is broken: no more schedules can be tried. */
  #break(cause: unknown): void {
    if (this.#closing || this.#broken !== null) return
    const error = cause instanceof Error ? cause : new HarnessError(String(cause))
    this.#broken = error
    this.#started.reject(error)
    const underway = [...this.#members].flatMap(({ at }) => (at === null ? [] : [at]))
    for (const { reject } of [...underway, ...this.#queue]) reject(error)
  }
}

/** CPU time is that of all threads, and says nothing of one. */
function lookNow(): Look {
  return { wallMs: performance.now(), cpuMs: 0 }
}
