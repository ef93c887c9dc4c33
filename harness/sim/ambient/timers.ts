import { AsyncResource } from 'node:async_hooks'
import nodeTimers from 'node:timers'
import nodeTimersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import type { QueuedEvent } from '../event-queue.ts'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'
import { type NextDueMs, passiveRule } from './passive.ts'

const DELAY_MS_MAX = 2 ** 31 - 1

type Callback = (...args: unknown[]) => unknown

let nextId = 1

/** What `setTimeout` and `setInterval` give inside a simulated process. */
export class SimTimeout {
  readonly #id = nextId++
  readonly #process: Proc
  readonly #callback: Callback
  readonly #args: readonly unknown[]
  readonly #delayUs: number
  readonly #repeat: boolean
  readonly #nextDueMs: NextDueMs | null
  readonly #resource: AsyncResource
  #originUs = 0
  #event: QueuedEvent | null = null
  #active = true
  #ref = true

  constructor(options: {
    process: Proc
    callback: Callback
    args: readonly unknown[]
    delayMs: unknown
    repeat: boolean
  }) {
    this.#process = options.process
    this.#callback = options.callback
    this.#args = options.args
    this.#delayUs = delayMsOf(options.delayMs) * 1000
    this.#repeat = options.repeat
    this.#nextDueMs = passiveRule()
    // Carries the async context of the caller, a user's own AsyncLocalStorage included.
    this.#resource = new AsyncResource('Timeout')
    this.#arm()
  }

  #arm(): void {
    this.#originUs = this.#process.host.nowUs
    const dueUs =
      this.#nextDueMs === null ? this.#originUs + this.#delayUs : this.#firstGridPoint(this.#nextDueMs())
    if (dueUs !== null) this.#scheduleAt(dueUs)
  }

  /** The first point of origin + k × delay, k ≥ 1, at or after this Unix time; null for none. */
  #firstGridPoint(dueMs: number | null): number | null {
    if (dueMs === null) return null
    const { epochMs, nowUs } = this.#process.host
    const fromUs = Math.max((dueMs - epochMs) * 1000, nowUs + 1)
    const steps = Math.max(1, Math.ceil((fromUs - this.#originUs) / this.#delayUs))
    return this.#originUs + steps * this.#delayUs
  }

  #scheduleAt(timeUs: number): void {
    const { host } = this.#process
    this.#event = host.schedule(timeUs - host.nowUs, this.#process, () => this.#fire())
  }

  #fire(): void {
    if (!this.#active) return
    this.#event = null
    if (this.#repeat) this.#rearm()
    else this.#active = false
    this.#resource.runInAsyncScope(this.#callback, this, ...this.#args)
    const parked = this.#repeat && this.#active && this.#nextDueMs !== null
    if (parked) this.#reconsider()
  }

  #rearm(): void {
    if (this.#nextDueMs === null) this.#arm()
  }

  /** After a passive interval's callback: when does it next have something to do? */
  #reconsider(): void {
    const dueUs = this.#firstGridPoint(this.#nextDueMs?.() ?? null)
    if (dueUs !== null) this.#scheduleAt(dueUs)
  }

  wake(): void {
    if (!this.#active || this.#event !== null) return
    const { nowUs } = this.#process.host
    const steps = Math.floor((nowUs - this.#originUs) / this.#delayUs) + 1
    this.#scheduleAt(this.#originUs + steps * this.#delayUs)
  }

  close(): this {
    this.#active = false
    if (this.#event !== null) this.#event.action = null
    this.#event = null
    return this
  }

  refresh(): this {
    if (this.#event !== null) this.#event.action = null
    this.#active = true
    this.#arm()
    return this
  }

  ref(): this {
    this.#ref = true
    return this
  }

  unref(): this {
    this.#ref = false
    return this
  }

  hasRef(): boolean {
    return this.#ref
  }

  get [Symbol.toStringTag](): string {
    return 'Timeout'
  }

  [Symbol.toPrimitive](): number {
    byId.set(this.#id, this)
    return this.#id
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** Timers that somebody took the number of. */
const byId: Map<number, SimTimeout> = new Map()

/** As in Node: what is no delay between 1 and 2³¹ − 1 is 1, fractions are cut off. */
function delayMsOf(delay: unknown): number {
  const delayMs = Number(delay)
  return delayMs >= 1 && delayMs <= DELAY_MS_MAX ? Math.trunc(delayMs) : 1
}

/** What `setImmediate` gives inside a simulated process. */
class SimImmediate {
  #event: QueuedEvent | null
  constructor(process: Proc, callback: Callback, args: readonly unknown[]) {
    const resource = new AsyncResource('Immediate')
    this.#event = process.host.schedule(0, process, () => {
      this.#event = null
      resource.runInAsyncScope(callback, undefined, ...args)
    })
  }
  close(): void {
    if (this.#event !== null) this.#event.action = null
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  hasRef(): boolean {
    return true
  }
  [Symbol.dispose](): void {
    this.close()
  }
}

interface AbortOptions {
  readonly signal?: AbortSignal
}

/** A promise that settles by timer, or rejects when the signal is aborted. */
function waiting<T>(process: Proc, delayMs: unknown, value: T, { signal }: AbortOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    const abortError = (): Error =>
      Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), {
        name: 'AbortError',
        code: 'ABORT_ERR',
      })
    if (signal?.aborted === true) return reject(abortError())
    const timer = new SimTimeout({
      process,
      callback: () => resolve(value),
      args: [],
      delayMs,
      repeat: false,
    })
    signal?.addEventListener('abort', () => {
      timer.close()
      reject(abortError())
    })
  })
}

/** Replaces the timers everywhere they can be taken from. Outside a simulated process they are Node's. */
export function patchTimers(): void {
  const real = { ...nodeTimers }
  const realPromises = { ...nodeTimersPromises }

  const patched = {
    setTimeout: (callback: Callback, delayMs?: unknown, ...args: unknown[]): unknown => {
      const process = currentProcess()
      if (process === undefined) return real.setTimeout(callback, delayMs as number, ...args)
      return new SimTimeout({ process, callback, args, delayMs, repeat: false })
    },
    setInterval: (callback: Callback, delayMs?: unknown, ...args: unknown[]): unknown => {
      const process = currentProcess()
      if (process === undefined) return real.setInterval(callback, delayMs as number, ...args)
      return new SimTimeout({ process, callback, args, delayMs, repeat: true })
    },
    setImmediate: (callback: Callback, ...args: unknown[]): unknown => {
      const process = currentProcess()
      return process === undefined
        ? real.setImmediate(callback, ...args)
        : new SimImmediate(process, callback, args)
    },
    clearTimeout: (timer: unknown): void => clear(timer, real.clearTimeout as (timer: unknown) => void),
    clearInterval: (timer: unknown): void => clear(timer, real.clearInterval as (timer: unknown) => void),
    clearImmediate: (timer: unknown): void => clear(timer, real.clearImmediate as (timer: unknown) => void),
  }
  const promises = {
    setTimeout: (delayMs?: number, value?: unknown, options?: AbortOptions): Promise<unknown> => {
      const process = currentProcess()
      return process === undefined
        ? realPromises.setTimeout(delayMs, value, options)
        : waiting(process, delayMs, value, options)
    },
    setImmediate: (value?: unknown, options?: AbortOptions): Promise<unknown> => {
      const process = currentProcess()
      return process === undefined
        ? realPromises.setImmediate(value, options)
        : waiting(process, 0, value, options)
    },
    setInterval: (delayMs?: number, value?: unknown, options?: AbortOptions): AsyncIterable<unknown> => {
      const process = currentProcess()
      return process === undefined
        ? realPromises.setInterval(delayMs, value, options)
        : ticks(process, delayMs, value, options)
    },
  }
  Object.defineProperty(patched.setTimeout, promisify.custom, { value: promises.setTimeout })
  Object.defineProperty(patched.setImmediate, promisify.custom, { value: promises.setImmediate })
  Object.assign(globalThis, patched)
  Object.assign(nodeTimers, patched)
  Object.assign(nodeTimersPromises, promises)
  const scheduler = nodeTimersPromises.scheduler
  const realWait = scheduler.wait.bind(scheduler)
  scheduler.wait = ((delayMs: number, options?: AbortOptions) => {
    const process = currentProcess()
    return process === undefined ? realWait(delayMs, options) : waiting(process, delayMs, undefined, options)
  }) as typeof scheduler.wait
  patchAbortTimeout()
}

function clear(timer: unknown, real: (timer: unknown) => void): void {
  if (timer instanceof SimTimeout || timer instanceof SimImmediate) {
    timer.close()
    return
  }
  const byNumber =
    typeof timer === 'number' || typeof timer === 'string' ? byId.get(Number(timer)) : undefined
  if (byNumber !== undefined && currentProcess() !== undefined) byNumber.close()
  else real(timer)
}

async function* ticks(
  process: Proc,
  delayMs: unknown,
  value: unknown,
  options?: AbortOptions,
): AsyncGenerator<unknown> {
  for (;;) yield await waiting(process, delayMs, value, options)
}

function patchAbortTimeout(): void {
  const realTimeout = AbortSignal.timeout.bind(AbortSignal)
  AbortSignal.timeout = (delayMs) => {
    const process = currentProcess()
    if (process === undefined) return realTimeout(delayMs)
    const controller = new AbortController()
    const callback = (): void =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    new SimTimeout({ process, callback, args: [], delayMs, repeat: false })
    return controller.signal
  }
}
