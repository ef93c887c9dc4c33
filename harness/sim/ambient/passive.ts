/**
 * Timers that only poll. A client's adapter says, while such a timer is created, when its callback
 * can next have an effect; the timer keeps its grid and is dispatched at the first grid point from
 * then on. Behaviour is unchanged; the empty dispatches in between are left out.
 */

/**
 * Virtual Unix milliseconds (`Date.now()`) from which on the callback can have an effect; null:
 * only after `wakePassive`. Asked when the timer is created, and for an interval after each of its
 * callbacks: code that brings the time forward later calls `wakePassive`.
 */
export type NextDueMs = () => number | null

let creating: NextDueMs | null = null

/** Timers that `create` makes inside a simulated process are passive. */
export function withPassiveTimer<T>(nextDueMs: NextDueMs, create: () => T): T {
  const before = creating
  creating = nextDueMs
  try {
    return create()
  } finally {
    creating = before
  }
}

/** The rule for a timer that is being created now, or null. */
export function passiveRule(): NextDueMs | null {
  return creating
}

/** Something changed that a parked timer looks at: it becomes due at its next grid point. */
export function wakePassive(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'wake' in timer && typeof timer.wake === 'function')
    timer.wake()
}
