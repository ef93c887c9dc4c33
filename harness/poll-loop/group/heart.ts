import { nowMs } from '../time.ts'

export interface HeartOptions {
  readonly maxPollIntervalMs: number
  /** Sends one heartbeat. @returns how long until the next */
  beat(): Promise<number>
  /** `poll` was not called for `max.poll.interval.ms`. */
  neglected(): void
}

/** Heartbeats in the background, whatever the app does between two calls of `poll`. */
export class Heart {
  readonly #options: HeartOptions
  #polledAtMs = nowMs()
  #nextAtMs = 0
  #timer: NodeJS.Timeout | null = null
  /** Changes when it is stopped: a beat under way is then nobody's. */
  #turn = 0

  constructor(options: HeartOptions) {
    this.#options = options
  }

  get beating(): boolean {
    return this.#timer !== null
  }

  polled(): void {
    this.#polledAtMs = nowMs()
  }

  start(firstMs: number): void {
    this.stop()
    this.#nextAtMs = nowMs() + firstMs
    this.#wait()
  }

  /** The next beat comes at once. */
  hurry(): void {
    if (this.#timer === null) return
    this.#nextAtMs = nowMs()
    clearTimeout(this.#timer)
    this.#wait()
  }

  stop(): void {
    this.#turn += 1
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #wait(): void {
    const neglectedAtMs = this.#polledAtMs + this.#options.maxPollIntervalMs
    const ms = Math.max(0, Math.min(this.#nextAtMs, neglectedAtMs) - nowMs())
    this.#timer = setTimeout(() => void this.#tick(), Math.ceil(ms))
  }

  async #tick(): Promise<void> {
    const turn = this.#turn
    if (nowMs() >= this.#polledAtMs + this.#options.maxPollIntervalMs) {
      this.stop()
      this.#options.neglected()
      return
    }
    if (nowMs() >= this.#nextAtMs) {
      this.#nextAtMs = Number.POSITIVE_INFINITY
      void this.#options.beat().then((nextMs) => {
        if (turn !== this.#turn) return
        this.#nextAtMs = nowMs() + nextMs
        if (this.#timer !== null) clearTimeout(this.#timer)
        this.#wait()
      })
    }
    if (turn === this.#turn) this.#wait()
  }
}
