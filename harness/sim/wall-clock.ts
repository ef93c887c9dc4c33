export interface WallClockOptions {
  readonly nowUs: () => number
  /** Unix time when virtual time is 0. */
  readonly epochMs: number
  /** Called when the clock shows another time than a moment ago, or goes at another pace. */
  readonly onSet: () => void
}

/** A clock that stood still would never show a time that somebody waits for. */
const PACE_MIN = 0.001

/** The wall clock of one machine: how far it is from virtual time, and how fast it gets further. */
export class WallClock {
  readonly #nowUs: () => number
  readonly #epochMs: number
  readonly #onSet: () => void
  /** Ahead of virtual time at `#sinceUs`; behind it where it is negative. */
  #aheadUs = 0
  #sinceUs = 0
  /** Shown time per virtual time. */
  #pace = 1

  constructor({ nowUs, epochMs, onSet }: WallClockOptions) {
    this.#nowUs = nowUs
    this.#epochMs = epochMs
    this.#onSet = onSet
  }

  /** Unix time in whole milliseconds, as `Date.now()` shows it. */
  get unixMs(): number {
    return this.#epochMs + Math.floor(this.#shownUs / 1000)
  }

  /** Virtual microseconds at which it will show this Unix time, if nobody sets it before. */
  virtualUs(unixMs: number): number {
    const shownUs = (unixMs - this.#epochMs) * 1000
    return this.#sinceUs + (shownUs - this.#sinceUs - this.#aheadUs) / this.#pace
  }

  /** Ahead, or back where it is negative. */
  jump(byMs: number): void {
    this.#aheadUs += byMs * 1000
    this.#onSet()
  }

  /** From now on it gains so much in each second; it loses where that is negative. */
  drift(gainedMsPerSecond: number): void {
    const nowUs = this.#nowUs()
    this.#aheadUs = this.#shownUs - nowUs
    this.#sinceUs = nowUs
    this.#pace = Math.max(PACE_MIN, 1 + gainedMsPerSecond / 1000)
    this.#onSet()
  }

  /** Shows virtual time again, and keeps to it. */
  setRight(): void {
    this.#aheadUs = 0
    this.#pace = 1
    this.#onSet()
  }

  get #shownUs(): number {
    return this.#sinceUs + this.#aheadUs + (this.#nowUs() - this.#sinceUs) * this.#pace
  }
}
