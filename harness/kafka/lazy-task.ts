import type { Clock } from './cluster.interface.ts'

/** Timers of real clocks go off at once where they are asked to wait longer. */
const WAIT_MS_MAX = 2 ** 31 - 1

/**
 * A task that Kafka runs every so often. Here it runs at the same times, but only at those at which
 * it can find something to do, so that a quiet week costs nothing.
 */
export class LazyTask {
  readonly #clock: Clock
  readonly #firstMs: number
  readonly #intervalMs: number
  readonly #run: (nowMs: number) => number | null
  #atMs = Number.POSITIVE_INFINITY
  #timer: { cancel(): void } | null = null

  /** @param options.run gives the earliest time at which there may be more to do, or null */
  constructor(options: {
    readonly clock: Clock
    readonly firstMs: number
    readonly intervalMs: number
    readonly run: (nowMs: number) => number | null
  }) {
    this.#clock = options.clock
    this.#firstMs = options.firstMs
    this.#intervalMs = Math.max(1, options.intervalMs)
    this.#run = options.run
  }

  /** There may be something to do from this time on. */
  due(timeMs: number): void {
    if (timeMs >= this.#atMs) return
    const nowMs = this.#clock.nowMs()
    const turns = Math.ceil((Math.max(timeMs, nowMs) - this.#firstMs) / this.#intervalMs)
    const atMs = this.#firstMs + Math.max(0, turns) * this.#intervalMs
    if (atMs >= this.#atMs || !Number.isFinite(atMs)) return
    this.#timer?.cancel()
    this.#atMs = atMs
    this.#wait(nowMs)
  }

  /** Cancels the task: there is no work left. */
  rest(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#atMs = Number.POSITIVE_INFINITY
  }

  #wait(nowMs: number): void {
    const delayMs = Math.min(Math.max(0, this.#atMs - nowMs), WAIT_MS_MAX)
    this.#timer = this.#clock.after(delayMs, () => {
      const wokenMs = this.#clock.nowMs()
      if (wokenMs < this.#atMs) return this.#wait(wokenMs)
      this.#timer = null
      this.#atMs = Number.POSITIVE_INFINITY
      const next = this.#run(wokenMs)
      // Not twice at one instant.
      if (next !== null) this.due(Math.max(next, wokenMs + 1))
    })
  }
}
