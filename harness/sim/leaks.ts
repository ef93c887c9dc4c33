import { createHook } from 'node:async_hooks'
import { UsageError } from '../core/errors.ts'
import { currentProcess } from './ambient/current.ts'
import { framesHere, userFrame } from './call-site.ts'

/**
 * Node's own resources have names without a small letter; those of JavaScript code do no work by
 * themselves.
 */
const NATIVE = /^[A-Z\d]+$/
const TIMERS = new Set(['Timeout', 'Immediate'])
/**
 * `DNSCHANNEL` only holds settings, each query has a resource of its own; parsers of HTTP do
 * nothing by themselves.
 */
const HARMLESS = new Set(['PROMISE', 'DNSCHANNEL', 'HTTPINCOMINGMESSAGE', 'HTTPCLIENTREQUEST'])
/**
 * Functions of Node that do the same work at once create the same resource: `gzipSync`,
 * `pbkdf2Sync`.
 */
const SYNCHRONOUS = /(?:Sync|\bsyncBufferWrapper)(?: \[as \w+\])? \(node:|\[as \w+Sync\] \(node:/
/** Resources whose bytes are outside the simulation's control, and not only their time. */
const ENTROPY = 'RANDOMBYTESREQUEST'

/**
 * Our own twins of Node's functions, and the engine, which waits for a process's microtasks. In the
 * package all of them are a few files in this folder; tests stand for the code of users.
 */
const OURS = `${import.meta.dirname}/`
const TESTS = /\/testing\/|\.test\./

export interface LeakWatch {
  stop(): void
  /**
   * `FSREQCALLBACK in consumer-0 at load (/app/consumer.ts:12:5)`, each name of each process once.
   */
  names(): readonly string[]
  /**
   * Fails the run if work outside the simulation was begun: its effect on a run is chance, so the
   * run says nothing about the code.
   * @throws UsageError `unsupported-in-simulation` that names the first
   */
  demandNone(): void
}

/**
 * Watches for real asynchronous work that is started inside a simulated process: its end is not
 * under our control. Slow, because Node then reports every promise: meant for the runs that are
 * repeated to compare their histories.
 */
export function watchLeaks(): LeakWatch {
  const found = new Map<string, string>()
  const hook = createHook({
    init(_id, type) {
      if (HARMLESS.has(type) || !(NATIVE.test(type) || TIMERS.has(type))) return
      const process = currentProcess()
      // Work that a process of an earlier run began may end now: this run ignores it.
      if (process?.alive !== true) return
      const key = `${type} in ${process.name}`
      if (found.has(key)) return
      const stack = stackHere()
      if (!isHarmless(type, stack)) found.set(key, [key, userFrame(stack) ?? ''].join(' ').trim())
    },
  })
  hook.enable()
  return {
    stop: () => void hook.disable(),
    names: () => [...found.values()],
    demandNone() {
      const [first] = found.values()
      if (first !== undefined) throw leakError(first)
    },
  }
}

function leakError(name: string): UsageError {
  return new UsageError(
    'unsupported-in-simulation',
    `real asynchronous work was started inside the simulation: ${name}; its end is not under control, so no verdict would be worth anything: do it synchronously, or before the app starts, or stand in for it`,
  )
}

/** Without this function and the hook itself. */
function stackHere(): readonly string[] {
  const lines = framesHere()
  const hook = lines.findIndex((line) => line.includes('emitInitNative'))
  return lines.slice(hook + 1)
}

/** Done by the time that the function returns, or asked for by our own twins, which are. */
function isHarmless(type: string, stack: readonly string[]): boolean {
  const caller = stack.find((line) => !line.includes('node:'))
  const calls = stack.slice(0, caller === undefined ? stack.length : stack.indexOf(caller))
  if (caller?.includes(OURS) === true && !TESTS.test(caller)) return true
  return type !== ENTROPY && calls.some((line) => SYNCHRONOUS.test(line))
}
