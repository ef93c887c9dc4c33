/** Tells the thread that waits. */
export function tellAnswered(answered: Int32Array): void {
  Atomics.store(answered, 0, 1)
  Atomics.notify(answered, 0)
}

/**
 * Stands still until another thread has told; false: not in this time, in real milliseconds. A
 * thread may be woken with nothing told: what it was told the last time can be seen before the call
 * that wakes it is made, which then comes in the middle of the next wait.
 */
export function comesTrue(answered: Int32Array, msMax: number): boolean {
  while (Atomics.load(answered, 0) === 0) {
    if (Atomics.wait(answered, 0, 0, msMax) === 'timed-out') return Atomics.load(answered, 0) !== 0
  }
  return true
}
