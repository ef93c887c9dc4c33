/**
 * One event of the cluster's life at a time: what arrives on a connection, a timer, an operator's
 * hand. An answer to a request that waited often lets its connection go on with the next one; that
 * next one must not begin in the middle of the event that answered, where a group is between two
 * states. It waits until the event is over, at the same instant.
 */
export class Turns {
  #busy = false
  readonly #waiting: (() => void)[] = []

  /** Does one event, then everything that had to wait for its end. */
  take<Result>(event: () => Result): Result {
    if (this.#busy) return event()
    this.#busy = true
    try {
      return event()
    } finally {
      this.#finish()
    }
  }

  /** Does this when the event at hand is over. */
  afterwards(action: () => void): void {
    if (this.#busy) this.#waiting.push(action)
    else this.take(action)
  }

  #finish(): void {
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next()
    } finally {
      this.#busy = false
    }
  }
}
