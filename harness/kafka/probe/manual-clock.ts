import type { Clock } from '../cluster.interface.ts'

/** When a manual clock starts. */
export const START_MS = 1_700_000_000_000

/** A clock that moves when it is told to. */
export class ManualClock implements Clock {
  #nowMs = START_MS
  /** Timers that have gone off. */
  fired = 0
  #nextOrder = 0
  #timers: { atMs: number; order: number; action: () => void }[] = []

  nowMs(): number {
    return Math.floor(this.#nowMs)
  }

  after(delayMs: number, action: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + delayMs, order: this.#nextOrder++, action }
    this.#timers.push(timer)
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((each) => each !== timer)
      },
    }
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const [next] = this.#timers.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
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
}
