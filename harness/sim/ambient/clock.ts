import { performance } from 'node:perf_hooks'
import type { Proc } from '../process.ts'
import { currentProcess } from './current.ts'
import { type AnyFunction, refusal, within, withinGetter } from './patch.ts'
import { real } from './real.ts'

const NS_PER_SECOND = 1_000_000_000n
/**
 * Reads of the clock within one event, during which virtual time stands still: more is taken for
 * busy waiting.
 */
const READS_MAX = 5_000_000

/**
 * `Date`, `performance.now`, `process.hrtime` and `process.uptime` show virtual time inside a
 * simulated process.
 */
export function patchClocks(): void {
  patchDate(globalThis, real.Date)
  within(performance, 'now', (process) => uptimeUs(process) / 1000)
  withinGetter(performance, 'timeOrigin', ({ host, startedUs }) => host.epochMs + startedUs / 1000)
  patchMarks()
  patchEventTimes()
  patchTimings()
  patchHrtime()
  within(process, 'uptime', (process) => uptimeUs(process) / 1_000_000)
}

interface MarkOptions {
  readonly startTime?: number
  readonly start?: number | string
  readonly end?: number | string
}

/** Marks and measures without a time of their own stand at this one. */
function patchMarks(): void {
  const nowMs = (process: Proc): number => uptimeUs(process) / 1000
  within(performance, 'mark', (process, [name, options], real) =>
    real.call(performance, name, { startTime: nowMs(process), ...(options as MarkOptions | undefined) }),
  )
  within(performance, 'measure', (process, [name, start, end], real) => {
    const how = typeof start === 'object' && start !== null ? (start as MarkOptions) : { start, end }
    const from = how.start ?? 0
    return real.call(performance, name, { ...how, start: from, end: how.end ?? nowMs(process) })
  })
}

/** Node's own times of its start: a simulated process is there at once. */
const NODE_TIMING = {
  name: 'node',
  entryType: 'node',
  startTime: 0,
  nodeStart: 0,
  v8Start: 0,
  environment: 0,
  bootstrapComplete: 0,
  loopStart: 0,
  loopExit: -1,
  idleTime: 0,
}

const eventTimes = new WeakMap<object, number>()

/** An event is of the time at which somebody first asks: within the turn in which it was made. */
function patchEventTimes(): void {
  const property = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp')
  const get = property?.get
  if (get !== undefined)
    Object.defineProperty(Event.prototype, 'timeStamp', {
      ...property,
      get(this: Event) {
        const process = currentProcess()
        if (process === undefined) return get.call(this) as number
        const known = eventTimes.get(this) ?? uptimeUs(process) / 1000
        eventTimes.set(this, known)
        return known
      },
    })
}

/** Node measures its own start and loop, and functions: here they take no time. */
function patchTimings(): void {
  const timing = (process: Proc): object => ({ ...NODE_TIMING, duration: uptimeUs(process) / 1000 })
  withinGetter(performance, 'nodeTiming', timing)
  within(performance, 'toJSON', (process) => ({
    nodeTiming: timing(process),
    timeOrigin: performance.timeOrigin,
    eventLoopUtilization: performance.eventLoopUtilization(),
  }))
  within(performance, 'timerify', (_process, [work]) => new Proxy(work as AnyFunction, {}))
}

function unixMs(process: Proc): number {
  countRead(process)
  return process.keeper.clock.unixMs
}

/** Since this incarnation was started, as in a real process. */
function uptimeUs(process: Proc): number {
  countRead(process)
  return process.host.nowUs - process.startedUs
}

function countRead(process: Proc): void {
  const { clockReads, host } = process
  if (host.events !== clockReads.event) {
    clockReads.event = host.events
    clockReads.count = 0
  }
  clockReads.count += 1
  if (clockReads.count > READS_MAX) {
    throw refusal(
      process,
      'waits in a loop for the clock to move on',
      'virtual time stands still while code runs; await a timer instead',
    )
  }
}

function patchHrtime(): void {
  const realHrtime = process.hrtime
  const nowNs = (process: Proc): bigint => {
    countRead(process)
    return BigInt(process.host.nowUs) * 1000n
  }
  const hrtime = (since?: [number, number]): [number, number] => {
    const current = currentProcess()
    if (current === undefined) return realHrtime(since)
    const sinceNs = since === undefined ? 0n : BigInt(since[0]) * NS_PER_SECOND + BigInt(since[1])
    const ns = nowNs(current) - sinceNs
    return [Number(ns / NS_PER_SECOND), Number(ns % NS_PER_SECOND)]
  }
  hrtime.bigint = (): bigint => {
    const current = currentProcess()
    return current === undefined ? realHrtime.bigint() : nowNs(current)
  }
  process.hrtime = hrtime
}

/**
 * A constructor with the prototype of the real one, so that `instanceof` and subclasses see no
 * difference.
 */
export function patchDate(realm: { Date: DateConstructor } = globalThis, RealDate = realm.Date): void {
  const realNow = RealDate.now
  const now = (): number => {
    const process = currentProcess()
    return process === undefined ? realNow() : unixMs(process)
  }
  // A `function`, since it must be callable with and without `new`.
  const patched = function (...args: unknown[]): Date | string {
    if (new.target === undefined) return new RealDate(now()).toString()
    const given = args.length === 0 ? [now()] : args
    const called: unknown = patched
    const target = new.target === called ? RealDate : new.target
    return Reflect.construct(RealDate, given, target) as Date
  }
  for (const key of Reflect.ownKeys(RealDate)) {
    const property = Object.getOwnPropertyDescriptor(RealDate, key)
    if (property !== undefined) Object.defineProperty(patched, key, property)
  }
  Object.defineProperty(patched, 'now', { configurable: true, writable: true, value: now })
  Object.defineProperty(RealDate.prototype, 'constructor', {
    configurable: true,
    writable: true,
    value: patched,
  })
  Object.defineProperty(realm, 'Date', { configurable: true, writable: true, value: patched })
}
