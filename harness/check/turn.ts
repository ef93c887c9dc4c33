let last: Promise<unknown> = Promise.resolve()

/**
 * Simulations share the process's patched globals: one at a time, also where tests run
 * concurrently.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work, work)
  last = turn
  return turn
}
