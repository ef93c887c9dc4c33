import type { Scheduler } from '../run/scheduler.interface.ts'

/** Real time. Nothing that was asked for happens after `stop`, and delays run from `begin` on. */
export class RealClock implements Scheduler {
  readonly #createdMs: number = performance.now()
  readonly #timers: Set<NodeJS.Timeout> = new Set()
  #held: (() => void)[] | null = []
  #stopped = false

  get nowUs(): number {
    return Math.round((performance.now() - this.#createdMs) * 1000)
  }

  /** The workload's own time has begun. */
  get begun(): boolean {
    return this.#held === null
  }

  get stopped(): boolean {
    return this.#stopped
  }

  /** Something is still to happen. */
  get waiting(): boolean {
    return this.#timers.size > 0
  }

  /** The workload's own time begins: processes are ready. */
  begin(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const start of held) start()
  }

  after(delayUs: number, action: () => void): void {
    if (this.#held === null) this.later(delayUs / 1000, action)
    else this.#held.push(() => this.later(delayUs / 1000, action))
  }

  /** From now on, whether or not it has begun. */
  later(delayMs: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      if (!this.#stopped) action()
    }, delayMs)
    this.#timers.add(timer)
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
