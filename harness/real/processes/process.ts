import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { Readable, Writable } from 'node:stream'
import type { Observation } from '../../core/history.ts'
import { RealClusterError } from '../cluster/errors.ts'
import { dismissAtEnd, guardedBy } from '../providers/guarded.ts'
import { ANSWERS_FD, packed, QUESTIONS_FD, SETTLED_FD, TERMINATING } from './messages.ts'

/** The child's own code: beside this file, before and after the build. */
const CHILD = path.join(
  import.meta.dirname,
  existsSync(path.join(import.meta.dirname, 'child.ts')) ? 'child.ts' : 'child.js',
)
/** From sources, the package's own name leads to its sources. */
const FROM_SOURCES = CHILD.endsWith('.ts') ? ['--conditions=onceover-source'] : []
const SIGNAL_CODE = 128 + 15
/** Beside those of questions and answers. */
const GUARD_FD = 6
const RESTART_MS = 1_000
const OUTPUT_CHARACTERS = 2_000

/** Pipes of a child that the harness talks through. */
export interface Pipes {
  readonly questions: Readable
  readonly answers: Writable
  readonly settled: Writable
}

/** The harness's talk with one child. */
export interface Talk {
  /** Runs `action` at the end of a turn; resolves when nothing has to wait for that. */
  betweenTurns(action: () => void): Promise<void>
}

export interface ProcessOptions {
  readonly name: string
  readonly env: NodeJS.ProcessEnv
  observe(observation: Observation): void
  /** Runs `action` later, unless the replay is over by then. */
  later(ms: number, action: () => void): void
  /** A new incarnation loads; it runs when `begun` resolves. */
  loads(incarnation: number, pipes: Pipes, begun: Promise<void>): Talk
  /**
   * The process is gone, without a word to anybody: killed, crashed, or ended without leaving its
   * group.
   */
  ended(incarnation: number): void
  /** The process was killed by somebody else: the replay is over. */
  failed(error: Error): void
}

/** A child that loads the app, and stands still before it calls it. */
interface Standby {
  readonly child: ChildProcess
  readonly incarnation: number
  readonly talk: Talk
  begin(): void
}

/**
 * A process of the app over its incarnations, supervised as in a simulation, on the real client and
 * real signals.
 */
export class RealProcess {
  readonly name: string
  readonly #options: ProcessOptions
  #child: ChildProcess | null = null
  #talk: Talk | null = null
  /** Resolves when it goes on, or is gone. */
  #pause: PromiseWithResolvers<void> | null = null
  /** The next incarnation: a simulated one needs no time to load. */
  #standby: Standby | null = null
  #incarnations = 0
  #terminating = false
  #restartMsAfterTerm: number | null = null
  #killed = false
  /** Its last incarnation is about to be followed by another one. */
  #starting = false
  #uncaught: string | null = null
  #output = ''

  constructor(options: ProcessOptions) {
    this.name = options.name
    this.#options = options
  }

  get running(): boolean {
    return this.#child !== null
  }

  get incarnation(): number {
    return this.#incarnations
  }

  /** Whether it is about to be started, or was asked to end and has not. */
  get changing(): boolean {
    return this.#starting || this.#terminating
  }

  /** The last that it printed. */
  get output(): string {
    return this.#output
  }

  /** The incarnation that lives; null: none does. */
  get living(): number | null {
    return this.#child === null ? null : this.#incarnations
  }

  isAlive(incarnation: number): boolean {
    return this.#child !== null && this.#incarnations === incarnation
  }

  /** Resolves at once, or when a process that is paused goes on or ends. */
  awake(): Promise<void> {
    return this.#pause?.promise ?? Promise.resolve()
  }

  start(): void {
    const { child, incarnation, talk, begin } = this.#taken()
    this.#starting = false
    this.#incarnations = incarnation
    this.#terminating = false
    this.#uncaught = null
    this.#child = child
    this.#talk = talk
    this.#options.observe({ kind: 'process-started', process: this.name, incarnation })
    child.once('exit', (code, signal) => {
      if (this.#child === child && signal === 'SIGKILL')
        return this.#options.failed(
          new RealClusterError(
            `${this.name} was killed by somebody else (SIGKILL; is there too little memory?)`,
          ),
        )
      this.#exited(child, incarnation, code ?? signalCode(signal))
    })
    begin()
  }

  /** Has the next incarnation load the app already. */
  prepare(): void {
    if (!this.#killed) this.#standby ??= this.#load(this.#incarnations + 1)
  }

  #taken(): Standby {
    const standby = this.#standby
    this.#standby = null
    if (standby === null) return this.#load(this.#incarnations + 1)
    const { exitCode, signalCode: signal } = standby.child
    return exitCode === null && signal === null ? standby : this.#load(standby.incarnation)
  }

  #load(incarnation: number): Standby {
    const { env, loads } = this.#options
    const command = [process.execPath, ...FROM_SOURCES, '--disable-warning=ExperimentalWarning', CHILD]
    // A group of its own: Ctrl-C is for the harness. The guard ends also a child that is stopped.
    const child = spawn(
      '/bin/sh',
      ['-c', guardedBy(GUARD_FD, [QUESTIONS_FD, ANSWERS_FD, SETTLED_FD]), 'sh', ...command],
      {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
        env,
      },
    )
    const pipes: readonly unknown[] = child.stdio
    dismissAtEnd(child, pipes[GUARD_FD])
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => this.#printed(bytes))
    const begun = Promise.withResolvers<void>()
    const questions = pipes[QUESTIONS_FD]
    const [answers, settled] = [writable(child, ANSWERS_FD), writable(child, SETTLED_FD)]
    if (!(questions instanceof Readable) || answers === null || settled === null)
      throw new Error('a child has no pipes')
    const talk = loads(incarnation, { questions, answers, settled }, begun.promise)
    return { child, incarnation, talk, begin: begun.resolve }
  }

  /** The next event of this incarnation is its end. */
  uncaught(reason: string): void {
    this.#uncaught = reason
  }

  /** SIGKILL. */
  crash({ restartMs, reason = 'SIGKILL' }: { restartMs: number | null; reason?: string }): Promise<void> {
    const child = this.#child
    if (child === null) return Promise.resolve()
    const restartMsNow = this.#terminating ? this.#restartMsAfterTerm : restartMs
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    this.#end()
    child.kill('SIGKILL')
    this.#options.observe({
      kind: 'process-crashed',
      reason,
      process: this.name,
      incarnation: this.#incarnations,
    })
    this.#options.ended(this.#incarnations)
    this.#startAfter(restartMsNow)
    return gone
  }

  /**
   * SIGSTOP, once a turn of its loop is over; what continues it, and what has to be done before
   * anything else goes on.
   */
  pause(): { readonly stopped: Promise<void>; resume(): void } {
    const child = this.#child
    const by = { process: this.name, incarnation: this.#incarnations }
    let over = false
    this.#pause ??= Promise.withResolvers<void>()
    const stop = (): void => {
      if (!over && this.#child === child) child?.kill('SIGSTOP')
    }
    const stopped = this.#talk?.betweenTurns(stop) ?? Promise.resolve()
    this.#options.observe({ kind: 'process-paused', ...by })
    const resume = (): void => {
      over = true
      if (this.#child !== child) return
      child?.kill('SIGCONT')
      this.#goOn()
      this.#options.observe({ kind: 'process-resumed', ...by })
    }
    return { stopped, resume }
  }

  /**
   * SIGTERM; killed where it has not ended after `graceMs`. Resolves when the process has heard of
   * it: Node would take up an answer that comes with the signal before it.
   */
  terminate({ graceMs, restartMs }: { graceMs: number; restartMs: number | null }): Promise<void> {
    const child = this.#child
    if (child === null || this.#terminating) return Promise.resolve()
    this.#terminating = true
    this.#restartMsAfterTerm = restartMs
    const by = { process: this.name, incarnation: this.#incarnations }
    this.#options.observe({ kind: 'process-terminating', ...by })
    this.#options.later(graceMs, () => {
      if (this.#child !== child) return
      this.#options.observe({ kind: 'shutdown-timeout', graceMs, ...by })
      void this.crash({ restartMs, reason: 'SIGKILL after its grace period' })
    })
    writable(child, SETTLED_FD)?.write(packed(TERMINATING))
    child.kill('SIGTERM')
    return this.#talk?.betweenTurns(() => {}) ?? Promise.resolve()
  }

  ensureRunning(): void {
    if (this.#terminating) this.#restartMsAfterTerm ??= 0
    else if (this.#child === null && !this.#starting && !this.#killed) this.#startAfter(0)
  }

  /** The replay is over. */
  async dispose(): Promise<void> {
    this.#killed = true
    const children = [this.#child, this.#standby?.child ?? null]
    this.#end()
    this.#standby = null
    await Promise.all(children.map(killed))
  }

  #exited(child: ChildProcess, incarnation: number, code: number): void {
    if (this.#child !== child) return
    const asked = this.#terminating
    const by = { process: this.name, incarnation }
    this.#end()
    if (this.#uncaught === null) this.#options.observe({ kind: 'process-exited', code, asked, ...by })
    else this.#options.observe({ kind: 'process-crashed', reason: this.#uncaught, ...by })
    this.#options.ended(incarnation)
    this.#startAfter(asked ? this.#restartMsAfterTerm : RESTART_MS)
  }

  #end(): void {
    this.#child = null
    this.#terminating = false
    this.#goOn()
  }

  #goOn(): void {
    this.#pause?.resolve()
    this.#pause = null
  }

  #startAfter(delayMs: number | null): void {
    if (delayMs === null || this.#killed) return
    this.#starting = true
    this.#options.later(delayMs, () => {
      if (!this.#killed && this.#child === null) this.start()
    })
  }

  #printed(bytes: Buffer): void {
    this.#output = (this.#output + bytes.toString()).slice(-OUTPUT_CHARACTERS)
  }
}

async function killed(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

function signalCode(signal: NodeJS.Signals | null): number {
  return signal === 'SIGTERM' ? SIGNAL_CODE : 1
}

function writable({ stdio }: ChildProcess, fd: number): Writable | null {
  const pipes: readonly unknown[] = stdio
  const pipe = pipes[fd]
  return pipe instanceof Writable ? pipe : null
}
