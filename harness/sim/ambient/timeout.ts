import { AsyncResource } from 'node:async_hooks'
import type { QueuedEvent } from '../event-queue.ts'
import type { Proc } from '../process.ts'
import { type NextDueMs, passiveRule } from './passive.ts'

const DELAY_MS_MAX = 2 ** 31 - 1
const MANUAL = { requireManualDestroy: true } as const

export type Callback = (...args: unknown[]) => unknown

/** The passive timer whose callback is running. */
let firing: SimTimeout | null = null

export interface TimeoutOptions {
  readonly process: Proc
  readonly callback: Callback
  readonly args?: readonly unknown[]
  readonly delayMs: unknown
  readonly repeat?: boolean
  readonly ref?: boolean
}

/** The result of `setTimeout` and `setInterval` inside a simulated process. */
export class SimTimeout {
  static {
    Object.defineProperty(SimTimeout, 'name', { value: 'Timeout' })
  }

  readonly #process: Proc
  readonly #callback: Callback
  readonly #args: unknown[]
  readonly #delayUs: number
  readonly #repeat: boolean
  readonly #nextDueMs: NextDueMs | null
  /** Carries the async context of the caller, a user's own AsyncLocalStorage included. */
  readonly #resource: AsyncResource
  readonly #fire = (): void => this.#onEvent()
  readonly #wake = (): void => this.wake()
  /** Virtual time at which the timer's grid begins. */
  #originUs = 0
  /**
   * A passive timer's place among timers of its grid, which the timer that its callback makes
   * inherits.
   */
  readonly #seq: number
  #event: QueuedEvent<Proc> | null = null
  #active = false
  #ref: boolean
  #busy = false
  #id = 0

  constructor({ process, callback, args = [], delayMs, repeat = false, ref = true }: TimeoutOptions) {
    if (typeof callback !== 'function') throw notAFunction(callback)
    this.#process = process
    this.#callback = callback
    this.#args = [...args]
    this.#delayUs = delayMsOf(delayMs) * 1000
    this.#repeat = repeat
    this.#ref = ref
    this.#nextDueMs = passiveRule()
    this.#seq = this.#nextDueMs === null ? 0 : this.#placeOnGrid()
    this.#resource = new AsyncResource('OnceoverTimeout', MANUAL)
    this.#start()
  }

  #placeOnGrid(): number {
    const succeeds = firing !== null && firing.#process === this.#process && firing.#delayUs === this.#delayUs
    return succeeds ? (firing as SimTimeout).#seq : this.#process.host.nextSeq()
  }

  #start(): void {
    if (!this.#process.alive) return
    this.#active = true
    this.#keepBusy()
    if (this.#nextDueMs !== null) this.#process.clockWatchers.add(this.#wake)
    this.#arm()
  }

  #arm(): void {
    const { host, keeper } = this.#process
    this.#originUs = host.nowUs
    if (this.#nextDueMs === null) {
      this.#event = host.schedule(this.#delayUs, this.#process, this.#fire, {
        resource: this.#resource,
        timer: true,
      })
      return
    }
    const dueMs = this.#nextDueMs()
    if (dueMs === null) return
    const steps = Math.ceil((keeper.clock.virtualUs(dueMs) - this.#originUs) / this.#delayUs)
    this.#dispatchAtStep(Math.max(1, steps))
  }

  /** In the queue it stands where it would if each earlier grid point had re-armed it. */
  #dispatchAtStep(step: number): void {
    const { host } = this.#process
    const timeUs = this.#originUs + step * this.#delayUs
    const how = {
      resource: this.#resource,
      askedUs: timeUs - this.#delayUs,
      seq: this.#seq,
      timer: true,
    }
    this.#event = host.schedule(timeUs - host.nowUs, this.#process, this.#fire, how)
  }

  #onEvent(): void {
    this.#event = null
    if (!this.#repeat) this.#stop()
    firing = this.#nextDueMs === null ? null : this
    try {
      this.#callback.apply(this, this.#args)
    } finally {
      firing = null
      if (this.#repeat && this.#active && this.#event === null) this.#arm()
    }
  }

  /** Parked, it becomes due at its next grid point; not parked, it may become due earlier. */
  wake(): void {
    if (!this.#active || this.#nextDueMs === null) return
    const { host } = this.#process
    const sinceUs = host.nowUs - this.#originUs
    let step = Math.floor(sinceUs / this.#delayUs) + 1
    // A grid point at this very instant is still to come if it would have been asked for after what
    // happens now.
    const onGrid = sinceUs > 0 && sinceUs % this.#delayUs === 0
    if (onGrid && host.askedUs < host.nowUs - this.#delayUs) step -= 1
    if (this.#event !== null) {
      if (this.#event.timeUs <= this.#originUs + step * this.#delayUs) return
      host.cancel(this.#event)
    }
    this.#dispatchAtStep(step)
  }

  #keepBusy(): void {
    this.#busy = this.#process.counted(this.#busy, this.#active && this.#ref)
  }

  #stop(): void {
    this.#active = false
    this.#keepBusy()
    if (this.#nextDueMs !== null) this.#process.clockWatchers.delete(this.#wake)
    if (this.#id !== 0) this.#process.timersById.delete(this.#id)
  }

  close(): this {
    if (this.#event !== null) this.#process.host.cancel(this.#event)
    this.#event = null
    this.#stop()
    return this
  }

  refresh(): this {
    if (this.#event !== null) this.#process.host.cancel(this.#event)
    this.#event = null
    this.#start()
    return this
  }

  ref(): this {
    this.#ref = true
    this.#keepBusy()
    return this
  }

  unref(): this {
    this.#ref = false
    this.#keepBusy()
    return this
  }

  hasRef(): boolean {
    return this.#ref
  }

  [Symbol.toPrimitive](): number {
    if (this.#id === 0) this.#id = this.#process.nextTimerId()
    if (this.#active) this.#process.timersById.set(this.#id, this)
    return this.#id
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** The result of `setImmediate` inside a simulated process. */
export class SimImmediate {
  static {
    Object.defineProperty(SimImmediate, 'name', { value: 'Immediate' })
  }

  readonly #process: Proc
  #event: QueuedEvent<Proc> | null = null
  #ref = true

  constructor(process: Proc, callback: Callback, args: unknown[]) {
    if (typeof callback !== 'function') throw notAFunction(callback)
    this.#process = process
    if (!process.alive) return
    process.keepBusy()
    const fire = (): void => {
      this.#event = null
      if (this.#ref) process.letGo()
      callback.apply(this, args)
    }
    this.#event = process.host.schedule(0, process, fire, {
      resource: new AsyncResource('OnceoverImmediate', MANUAL),
    })
  }

  close(): void {
    if (this.#event === null) return
    this.#process.host.cancel(this.#event)
    this.#event = null
    if (this.#ref) this.#process.letGo()
  }

  ref(): this {
    if (!this.#ref && this.#event !== null) this.#process.keepBusy()
    this.#ref = true
    return this
  }

  unref(): this {
    if (this.#ref && this.#event !== null) this.#process.letGo()
    this.#ref = false
    return this
  }

  hasRef(): boolean {
    return this.#ref
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** As in Node: what is no delay between 1 and 2³¹ − 1 is 1, fractions are cut off. */
function delayMsOf(delay: unknown): number {
  const delayMs = Number(delay)
  return delayMs >= 1 && delayMs <= DELAY_MS_MAX ? Math.trunc(delayMs) : 1
}

function notAFunction(value: unknown): TypeError {
  const text = `The "callback" argument must be of type function. Received ${String(value)}`
  return Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' })
}
