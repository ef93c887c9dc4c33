import type { Clock } from './cluster.interface.ts'
import type { Turns } from './turns.ts'

const NOTHING = { cancel(): void {} }

/** Knows its timers, so that none outlives the cluster; each that goes off is a turn of its own. */
export class ClusterClock implements Clock {
  readonly #clock: Clock
  readonly #turns: Turns
  readonly #timers: Set<ClusterTimer> = new Set()
  #over = false

  constructor(clock: Clock, turns: Turns) {
    this.#clock = clock
    this.#turns = turns
  }

  nowMs(): number {
    return this.#clock.nowMs()
  }

  after(delayMs: number, action: () => void): { cancel(): void } {
    if (this.#over) return NOTHING
    const timer = new ClusterTimer(this.#timers)
    timer.inner = this.#clock.after(delayMs, () => {
      this.#timers.delete(timer)
      this.#turns.take(action)
    })
    this.#timers.add(timer)
    return timer
  }

  cancelAll(): void {
    this.#over = true
    for (const timer of [...this.#timers]) timer.cancel()
  }
}

class ClusterTimer {
  readonly #others: Set<ClusterTimer>
  inner: { cancel(): void } = NOTHING

  constructor(others: Set<ClusterTimer>) {
    this.#others = others
  }

  cancel(): void {
    this.#others.delete(this)
    this.inner.cancel()
  }
}
