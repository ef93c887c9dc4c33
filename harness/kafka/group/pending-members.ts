import type { Clock } from '../cluster.interface.ts'

/** Ids that were handed out and are not yet used (KIP-394); each is forgotten after a while. */
export class PendingMembers {
  readonly #clock: Clock
  readonly #timers: Map<string, { cancel(): void }> = new Map()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#timers.size
  }

  has(memberId: string): boolean {
    return this.#timers.has(memberId)
  }

  add(memberId: string, timeoutMs: number, expired: () => void): void {
    const timer = this.#clock.after(timeoutMs, () => {
      this.#timers.delete(memberId)
      expired()
    })
    this.#timers.set(memberId, timer)
  }

  /** @returns whether it was there */
  forget(memberId: string): boolean {
    this.#timers.get(memberId)?.cancel()
    return this.#timers.delete(memberId)
  }

  clear(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }
}
