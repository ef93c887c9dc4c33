import { createHook } from 'node:async_hooks'
import { currentProcess } from './ambient/current.ts'

/** Resources that are no leak: promises, ticks, and the contexts that our own timers carry. */
const HARMLESS = new Set([
  'PROMISE',
  'TickObject',
  'Microtask',
  'Immediate',
  'Timeout',
  'RANDOMBYTESREQUEST',
  'AsyncResource',
])

/**
 * Watches for real asynchronous work that is started inside a simulated process: its end is not under our control.
 * Slow, because Node then reports every promise: meant for the runs that are repeated to compare their histories.
 */
export function watchLeaks(): { stop(): void; names(): readonly string[] } {
  const found = new Map<string, string>()
  const hook = createHook({
    init(_id, type) {
      if (HARMLESS.has(type)) return
      const process = currentProcess()
      if (process === undefined || found.has(type)) return
      found.set(type, `${type} in ${process.name}${callerOf(new Error().stack ?? '')}`)
    },
  })
  hook.enable()
  return {
    stop: () => void hook.disable(),
    names: () => [...found.values()],
  }
}

/** The first line of the stack that is neither Node's nor ours. */
function callerOf(stack: string): string {
  const line = stack
    .split('\n')
    .find((each) => each.includes('at ') && !/node:|\/sim\/leaks\.|\/harness\//.test(each))
  return line === undefined ? '' : ` ${line.trim()}`
}
