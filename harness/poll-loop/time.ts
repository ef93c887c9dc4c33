/** Milliseconds that only ever grow. */
export function nowMs(): number {
  return performance.now()
}

/** A point in time that ends a wait. */
export class Deadline {
  readonly timeoutMs: number
  readonly #atMs: number

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs
    this.#atMs = nowMs() + timeoutMs
  }

  get leftMs(): number {
    return Math.max(0, this.#atMs - nowMs())
  }

  get passed(): boolean {
    return nowMs() >= this.#atMs
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Wakes all that wait, or the next one to come. */
export class Bell {
  #rung = false
  #waiting: (() => void) | null = null

  ring(): void {
    if (this.#waiting === null) this.#rung = true
    else this.#waiting()
  }

  /** Resolves when it rings, or after this many milliseconds. */
  wait(ms: number): Promise<void> {
    if (this.#rung) {
      this.#rung = false
      return Promise.resolve()
    }
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting = null
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#waiting = done
    })
  }
}

/** Waits that double from one failure to the next, up to a limit (`retry.backoff.ms`, KIP-580). */
export class Backoff {
  readonly #firstMs: number
  readonly #maxMs: number
  #failures = 0

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs
    this.#maxMs = maxMs
  }

  succeeded(): void {
    this.#failures = 0
  }

  /** The wait after one more failure. */
  failed(): number {
    const ms = Math.min(this.#maxMs, this.#firstMs * 2 ** this.#failures)
    this.#failures += 1
    return ms
  }
}
