interface OffsetWaiter {
  readonly offset: bigint
  readonly done: (error: string | null) => void
}

/** Writes that are answered once all in-sync replicas have them. */
export class ReplicationWaiters {
  readonly #waiters: Set<OffsetWaiter> = new Set()

  /** @returns forgets the callback */
  add(offset: bigint, done: (error: string | null) => void): () => void {
    const waiter: OffsetWaiter = { offset, done }
    this.#waiters.add(waiter)
    return () => void this.#waiters.delete(waiter)
  }

  /** All below this offset is replicated. */
  reached(highWatermark: bigint, tooFew: () => boolean): void {
    if (this.#waiters.size === 0) return
    for (const waiter of [...this.#waiters]) {
      if (waiter.offset > highWatermark) continue
      this.#waiters.delete(waiter)
      waiter.done(tooFew() ? 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' : null)
    }
  }

  fail(error: string): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const { done } of waiters) done(error)
  }
}
