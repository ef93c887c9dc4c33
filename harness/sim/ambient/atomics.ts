import type { Proc } from '../process.ts'
import { refusal, within } from './patch.ts'

type Outcome = 'ok' | 'timed-out'
type Numbers = Int32Array | BigInt64Array

interface AtomicsWaiter {
  readonly address: number
  readonly wake: (outcome: Outcome) => void
}

/** Those that wait for a place in shared memory, by its buffer, in order. */
const waiters = new WeakMap<ArrayBufferLike, AtomicsWaiter[]>()

const NO_THREADS = 'no other thread is there that could wake it; wait asynchronously'

/** Threads are not simulated: a wait for shared memory is ended by its own process. */
export function patchAtomics(): void {
  within(Atomics, 'waitAsync', (process, [numbers, index, expected, timeoutMs]) =>
    waitAsync(process, numbers as Numbers, Number(index), expected, Number(timeoutMs ?? Infinity)),
  )
  within(Atomics, 'notify', (_process, [numbers, index, count = Infinity]) =>
    notify(numbers as Numbers, Number(index), Number(count)),
  )
  within(Atomics, 'wait', (process, [numbers, index, expected, timeoutMs = Infinity]) => {
    if (Atomics.load(numbers as Int32Array, Number(index)) !== expected) return 'not-equal'
    if (timeoutMs !== Infinity) return 'timed-out'
    throw refusal(process, 'calls Atomics.wait without a timeout', NO_THREADS)
  })
}

function waitAsync(
  process: Proc,
  numbers: Numbers,
  index: number,
  expected: unknown,
  timeoutMs: number,
): object {
  if (Atomics.load(numbers as Int32Array, index) !== expected) return { async: false, value: 'not-equal' }
  if (timeoutMs <= 0) return { async: false, value: 'timed-out' }
  const { buffer } = numbers
  const all = waiters.get(buffer) ?? []
  waiters.set(buffer, all)
  const value = new Promise<Outcome>((resolve) => {
    const waiter: AtomicsWaiter = {
      address: addressOf(numbers, index),
      wake: (outcome) => {
        clearTimeout(timer)
        all.splice(all.indexOf(waiter), 1)
        process.soon(0, () => resolve(outcome))
      },
    }
    const timer = Number.isFinite(timeoutMs)
      ? setTimeout(() => waiter.wake('timed-out'), timeoutMs)
      : undefined
    all.push(waiter)
  })
  return { async: true, value }
}

/** How many were woken. */
function notify(numbers: Numbers, index: number, count: number): number {
  const address = addressOf(numbers, index)
  const here = (waiters.get(numbers.buffer) ?? []).filter((waiter) => waiter.address === address)
  const woken = here.slice(0, count)
  for (const waiter of woken) waiter.wake('ok')
  return woken.length
}

/** In bytes from the start of the memory. */
function addressOf({ byteOffset, BYTES_PER_ELEMENT }: Numbers, index: number): number {
  return byteOffset + index * BYTES_PER_ELEMENT
}
