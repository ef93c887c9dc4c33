import { readSync, writeSync } from 'node:fs'
import net from 'node:net'
import { errorCode } from '../../core/error-text.ts'
import {
  ANSWERS_FD,
  type Answered,
  packed,
  QUESTIONS_FD,
  type Question,
  SETTLED_FD,
  type Settled,
  STANDING,
  TERMINATING,
  Unpacker,
} from './messages.ts'

const READ_BYTES = 65_536
const RETRY_MS = 1
/** How long a signal may take at most. */
const SIGNAL_MS = 1_000

type ToldMessage = Settled | typeof TERMINATING | typeof STANDING

/** The harness as a child reaches it. */
export class HarnessSide {
  readonly #answers: Unpacker<Answered> = new Unpacker()
  readonly #buffer: Buffer = Buffer.alloc(READ_BYTES)
  readonly #calls: Map<number, PromiseWithResolvers<unknown>> = new Map()
  readonly #settled: net.Socket = new net.Socket({ fd: SETTLED_FD, readable: true, writable: false })
  #number = 0
  /**
   * As in a simulation, a process lives until it is asked to end, as a service does that has a
   * server beside its consumer.
   */
  #asked = false
  /** Resolves when the signal that was announced has been taken up. */
  #signal: Promise<void> | null = null

  constructor() {
    const unpacker = new Unpacker<ToldMessage>()
    this.#settled.on('data', (bytes) => {
      unpacker.add(bytes)
      for (let next = unpacker.next(); next !== undefined; next = unpacker.next()) this.#told(next)
    })
    // The harness is gone: nobody is left to run for.
    this.#settled.on('close', () => process.kill(process.pid, 'SIGKILL'))
    this.#settled.on('error', () => {})
  }

  /** Stands still until the answer is there. */
  ask(question: Question): unknown {
    const bytes = packed(question)
    for (let at = 0; at < bytes.length; ) at += again(() => writeSync(QUESTIONS_FD, bytes, at))
    for (;;) {
      const answer = this.#answers.next()
      if (answer !== undefined) {
        if (answer.lastTurn) this.#standAfterTurn()
        return answer.value
      }
      const count = again(() => readSync(ANSWERS_FD, this.#buffer, 0, READ_BYTES, null))
      if (count === 0) process.kill(process.pid, 'SIGKILL')
      this.#answers.add(Buffer.from(this.#buffer.subarray(0, count)))
    }
  }

  /** Asks for what is answered later. The process has a reason to live until then. */
  call(questionOf: (call: number) => Question): Promise<unknown> {
    this.#number += 1
    const call = Promise.withResolvers<unknown>()
    this.#calls.set(this.#number, call)
    this.#keepAlive()
    this.ask(questionOf(this.#number))
    return call.promise
  }

  /** Asks at the end of the turn: bytes that are written in it have left by then. */
  #standAfterTurn(): void {
    setImmediate(() => this.ask({ kind: 'turn-over' }))
  }

  #told(message: ToldMessage): void {
    if (message === STANDING) {
      if (this.#signal === null) this.#standAfterTurn()
      else void this.#signal.then(() => this.#standAfterTurn())
      return
    }
    if (message === TERMINATING) {
      this.#asked = true
      this.#signal = signalTaken()
    } else if (this.#signal === null) this.#settle(message)
    else void this.#signal.then(() => this.#settle(message))
    this.#keepAlive()
  }

  #keepAlive(): void {
    if (this.#asked && this.#calls.size === 0) this.#settled.unref()
    else this.#settled.ref()
  }

  #settle(settled: Settled): void {
    const call = this.#calls.get(settled.call)
    this.#calls.delete(settled.call)
    if (!('error' in settled)) return call?.resolve(settled.value)
    const { name, code, message } = settled.error
    call?.reject(Object.assign(new Error(message), { name, code }))
  }
}

/**
 * Node takes up signals after all else that is there to be read, so that an answer which came after
 * a SIGTERM would be heard before it. A process that does not listen to it ends without a word.
 */
function signalTaken(): Promise<void> {
  if (process.listenerCount('SIGTERM') === 0) return Promise.resolve()
  return new Promise((resolve) => {
    process.prependOnceListener('SIGTERM', () => resolve())
    // Had it come first after all, nothing would wait for it.
    setTimeout(resolve, SIGNAL_MS).unref()
  })
}

/** Descriptors that are shared may not block by themselves. */
function again(work: () => number): number {
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
    }
  }
}
