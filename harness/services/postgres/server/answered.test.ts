import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { comesTrue } from './answered.ts'

/** A thread that wakes whoever waits, tells nothing for a while, and then may tell. */
function waking(answered: Int32Array, tells: boolean): Worker {
  const code = `
    const { answered, tells } = require('node:worker_threads').workerData
    let woken = 0
    const timer = setInterval(() => {
      woken += Atomics.notify(answered, 0)
      if (woken < 3) return
      clearInterval(timer)
      if (!tells) return
      Atomics.store(answered, 0, 1)
      Atomics.notify(answered, 0)
    }, 1)`
  return new Worker(code, { eval: true, workerData: { answered, tells } })
}

it.each([
  ['once it is told', true],
  ['in vain, where nothing is told', false],
])('a thread that is woken for nothing goes on to wait, %s', async (_, tells) => {
  const answered = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const worker = waking(answered, tells)
  expect(comesTrue(answered, tells ? 60_000 : 500)).toBe(tells)
  expect(answered[0]).toBe(tells ? 1 : 0)
  await worker.terminate()
})
