import type { PreparedScenario } from '../run/run.interface.ts'

/** Work that waits for the work before it. */
class OneAtATime {
  #last: Promise<unknown> = Promise.resolve()

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work)
    this.#last = turn
    return turn
  }
}

const checks = new OneAtATime()

/**
 * Simulations share the process's patched globals: one at a time, also where tests run
 * concurrently.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return checks.take(work)
}

/** A scenario whose runs are one at a time, however many ask for one. */
export function oneRunAtATime(prepared: PreparedScenario): PreparedScenario {
  const runs = new OneAtATime()
  return { ...prepared, run: (schedule, options) => runs.take(() => prepared.run(schedule, options)) }
}
