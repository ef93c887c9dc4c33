import type { Clock } from '../../cluster.interface.ts'

/** The event that a member is waited for. */
export type TimerPurpose = 'session' | 'rebalance' | 'join' | 'sync'

/** Timers by member and purpose. */
export class Timers {
  readonly #clock: Clock
  readonly #timers: Map<string, { cancel(): void }> = new Map()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** A timer that runs already is restarted. */
  start(memberId: string, what: TimerPurpose, delayMs: number, action: () => void): void {
    const key = `${what} ${memberId}`
    this.#timers.get(key)?.cancel()
    const timer = this.#clock.after(delayMs, () => {
      this.#timers.delete(key)
      action()
    })
    this.#timers.set(key, timer)
  }

  startIfAbsent(memberId: string, what: TimerPurpose, delayMs: number, action: () => void): void {
    if (!this.runs(memberId, what)) this.start(memberId, what, delayMs, action)
  }

  runs(memberId: string, what: TimerPurpose): boolean {
    return this.#timers.has(`${what} ${memberId}`)
  }

  cancel(memberId: string, what: TimerPurpose): void {
    const key = `${what} ${memberId}`
    this.#timers.get(key)?.cancel()
    this.#timers.delete(key)
  }

  cancelAllOf(memberId: string): void {
    for (const what of ['session', 'rebalance', 'join', 'sync'] as const) this.cancel(memberId, what)
  }

  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }
}
