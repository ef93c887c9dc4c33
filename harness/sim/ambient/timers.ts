import nodeTimers from 'node:timers'
import nodeTimersPromises from 'node:timers/promises'
import { promisify } from 'node:util'
import { currentProcess } from './current.ts'
import { type AnyFunction, functionOf, within } from './patch.ts'
import { type Callback, SimImmediate, SimTimeout } from './timeout.ts'
import { ticks, type WaitOptions, waitFor, waitForTurn } from './timers-promises.ts'

/**
 * Replaces the timers everywhere they can be taken from. Outside a simulated process they are
 * Node's.
 */
export function patchTimers(): void {
  patchPromises()
  const real = {
    setTimeout: functionOf(nodeTimers, 'setTimeout'),
    setInterval: functionOf(nodeTimers, 'setInterval'),
    setImmediate: functionOf(nodeTimers, 'setImmediate'),
    clearTimeout: functionOf(nodeTimers, 'clearTimeout'),
    clearInterval: functionOf(nodeTimers, 'clearInterval'),
    clearImmediate: functionOf(nodeTimers, 'clearImmediate'),
  }
  const patched = {
    setTimeout: (callback: Callback, delayMs?: unknown, ...args: unknown[]): unknown => {
      const process = currentProcess()
      if (process === undefined) return real.setTimeout(callback, delayMs, ...args)
      return new SimTimeout({ process, callback, args, delayMs })
    },
    setInterval: (callback: Callback, delayMs?: unknown, ...args: unknown[]): unknown => {
      const process = currentProcess()
      if (process === undefined) return real.setInterval(callback, delayMs, ...args)
      return new SimTimeout({ process, callback, args, delayMs, repeat: true })
    },
    setImmediate: (callback: Callback, ...args: unknown[]): unknown => {
      const process = currentProcess()
      if (process === undefined) return real.setImmediate(callback, ...args)
      return new SimImmediate(process, callback, args)
    },
    clearTimeout: (timer: unknown): void => clear(timer, real.clearTimeout),
    clearInterval: (timer: unknown): void => clear(timer, real.clearInterval),
    clearImmediate: (timer: unknown): void => clear(timer, real.clearImmediate),
  }
  keepPromisified(patched.setTimeout, functionOf(nodeTimersPromises, 'setTimeout'))
  keepPromisified(patched.setImmediate, functionOf(nodeTimersPromises, 'setImmediate'))
  for (const target of [globalThis, nodeTimers]) Object.assign(target, patched)
  within(AbortSignal, 'timeout', (process, [delayMs]) => {
    const controller = new AbortController()
    const callback = (): void =>
      controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    new SimTimeout({ process, callback, delayMs, ref: false })
    return controller.signal
  })
}

function keepPromisified(target: object, value: AnyFunction): void {
  Object.defineProperty(target, promisify.custom, { enumerable: true, value })
}

function patchPromises(): void {
  type Args = [unknown, unknown, WaitOptions | undefined]
  within(nodeTimersPromises, 'setTimeout', (process, args) => waitFor(process, ...(args as Args)))
  within(nodeTimersPromises, 'setInterval', (process, args) => ticks(process, ...(args as Args)))
  within(nodeTimersPromises, 'setImmediate', (process, [value, options]) =>
    waitForTurn(process, value, options as WaitOptions | undefined),
  )
  const { scheduler } = nodeTimersPromises
  within(scheduler, 'wait', (process, [delayMs, options]) =>
    waitFor(process, delayMs, undefined, options as WaitOptions | undefined),
  )
  within(scheduler, 'yield', (process) => waitForTurn(process))
}

function clear(timer: unknown, real: AnyFunction): void {
  if (timer instanceof SimTimeout || timer instanceof SimImmediate) {
    timer.close()
    return
  }
  const isNumber = typeof timer === 'number' || typeof timer === 'string'
  const numbered = isNumber ? currentProcess()?.timersById.get(Number(timer)) : undefined
  if (numbered === undefined) real(timer)
  else numbered.close()
}
