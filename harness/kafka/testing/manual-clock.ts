import type { Clock } from '../cluster.interface.ts'

interface Timer {
  readonly atMs: number
  readonly action: () => void
}

/** Virtual time that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs: number
  readonly #timers: Set<Timer> = new Set()

  constructor(startMs = 1_735_689_600_000) {
    this.#nowMs = startMs
  }

  nowMs(): number {
    return Math.floor(this.#nowMs)
  }

  after(delayMs: number, action: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + delayMs, action }
    this.#timers.add(timer)
    return { cancel: () => void this.#timers.delete(timer) }
  }

  /** Timers that are neither due nor cancelled. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves on, and does what falls due on the way: the earliest first, ties by creation. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      let next: Timer | undefined
      for (const timer of this.#timers) {
        if (timer.atMs <= untilMs && (next === undefined || timer.atMs < next.atMs)) next = timer
      }
      if (next === undefined) break
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.action()
    }
    this.#nowMs = untilMs
  }
}
