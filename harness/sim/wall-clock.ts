export interface WallClockOptions {
  readonly nowUs: () => number
  /** Unix time when virtual time is 0. */
  readonly epochMs: number
  /** Called when the clock shows another time than a moment ago. */
  readonly onSet: () => void
}

/** The wall clock of one machine: how far it is from virtual time. */
export class WallClock {
  readonly #nowUs: () => number
  readonly #epochMs: number
  readonly #onSet: () => void
  /** Ahead of virtual time; behind it where it is negative. */
  #aheadUs = 0

  constructor({ nowUs, epochMs, onSet }: WallClockOptions) {
    this.#nowUs = nowUs
    this.#epochMs = epochMs
    this.#onSet = onSet
  }

  /** Unix time in whole milliseconds, as `Date.now()` shows it. */
  get unixMs(): number {
    return this.#epochMs + Math.floor((this.#nowUs() + this.#aheadUs) / 1000)
  }

  /** Virtual microseconds at which it will show this Unix time, if nobody sets it before. */
  virtualUs(unixMs: number): number {
    return (unixMs - this.#epochMs) * 1000 - this.#aheadUs
  }

  /** Ahead, or back where it is negative. */
  jump(byMs: number): void {
    this.#aheadUs += byMs * 1000
    this.#onSet()
  }

  /** Shows virtual time again. */
  setRight(): void {
    this.#aheadUs = 0
    this.#onSet()
  }
}
