import type { Clock } from '../cluster.interface.ts'

/** When a manual clock starts. */
export const START_MS = 1_700_000_000_000

/** A clock that moves when it is told to. */
export class ManualClock implements Clock {
  #nowMs = START_MS
  /** Timers that have gone off. */
  fired = 0
  /** In the order in which they go off. */
  readonly #timers: { readonly atMs: number; readonly action: () => void }[] = []

  nowMs(): number {
    return Math.floor(this.#nowMs)
  }

  after(delayMs: number, action: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + delayMs, action }
    this.#timers.splice(this.#indexAfter(timer.atMs), 0, timer)
    return {
      cancel: () => {
        const index = this.#timers.indexOf(timer)
        if (index !== -1) this.#timers.splice(index, 1)
      },
    }
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const [next] = this.#timers
      if (next === undefined || next.atMs > untilMs) break
      this.#timers.shift()
      this.#nowMs = next.atMs
      this.fired += 1
      next.action()
    }
    this.#nowMs = untilMs
  }

  get pending(): number {
    return this.#timers.length
  }

  /** Behind all that go off until then, those of the same instant included. */
  #indexAfter(atMs: number): number {
    let [from, to] = [0, this.#timers.length]
    while (from < to) {
      const middle = (from + to) >>> 1
      if ((this.#timers[middle]?.atMs ?? Infinity) <= atMs) from = middle + 1
      else to = middle
    }
    return from
  }
}
