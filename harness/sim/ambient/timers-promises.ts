import type { Proc } from '../process.ts'
import { SimImmediate, SimTimeout } from './timeout.ts'

export interface WaitOptions {
  readonly signal?: AbortSignal
  readonly ref?: boolean
}

type TimerStart = (done: () => void) => { close(): unknown }

/** `setTimeout` of node:timers/promises. */
export function waitFor(
  process: Proc,
  delayMs: unknown,
  value?: unknown,
  { signal, ref = true }: WaitOptions = {},
): Promise<unknown> {
  const start: TimerStart = (callback) => new SimTimeout({ process, callback, delayMs, ref })
  return settledBy(start, value, signal)
}

/** `setImmediate` of node:timers/promises. */
export function waitForTurn(process: Proc, value?: unknown, { signal }: WaitOptions = {}): Promise<unknown> {
  return settledBy((callback) => new SimImmediate(process, callback, []), value, signal)
}

function settledBy(start: TimerStart, value: unknown, signal: AbortSignal | undefined): Promise<unknown> {
  if (signal?.aborted === true) return Promise.reject(abortError(signal))
  return new Promise((resolve, reject) => {
    const timer = start(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve(value)
    })
    const onAbort = (): void => {
      timer.close()
      reject(abortError(signal))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** `setInterval` of node:timers/promises: ticks that nobody waited for are not lost. */
export async function* ticks(
  process: Proc,
  delayMs: unknown,
  value?: unknown,
  { signal, ref = true }: WaitOptions = {},
): AsyncGenerator<unknown, void> {
  const aborted = (): boolean => signal?.aborted === true
  if (aborted()) throw abortError(signal)
  let due = 0
  let wake: (() => void) | undefined
  const callback = (): void => {
    due += 1
    wake?.()
  }
  const timer = new SimTimeout({ process, callback, delayMs, ref, repeat: true })
  const onAbort = (): void => {
    timer.close()
    wake?.()
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    while (!aborted()) {
      if (due === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      for (; due > 0; due -= 1) yield value
    }
    throw abortError(signal)
  } finally {
    timer.close()
    signal?.removeEventListener('abort', onAbort)
  }
}

function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason })
  error.name = 'AbortError'
  return Object.assign(error, { code: 'ABORT_ERR' })
}
