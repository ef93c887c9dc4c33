export interface WallClockOptions {
  readonly nowUs: () => number
  /** Unix time when virtual time is 0. */
  readonly epochMs: number
  /** Called when the clock shows another time than a moment ago. */
  readonly onSet: () => void
}

/** The wall clock of one machine: how far it is from virtual time, and how fast it drifts. */
export class WallClock {
  readonly #nowUs: () => number
  readonly #epochMs: number
  readonly #onSet: () => void
  /** Ahead of virtual time at `#sinceUs`; behind it where it is negative. */
  #aheadUs = 0
  #sinceUs = 0
  /** Microseconds gained in each second. */
  #gainPpm = 0

  constructor({ nowUs, epochMs, onSet }: WallClockOptions) {
    this.#nowUs = nowUs
    this.#epochMs = epochMs
    this.#onSet = onSet
  }

  /** Unix time in whole milliseconds, as `Date.now()` shows it. */
  get unixMs(): number {
    const nowUs = this.#nowUs()
    return this.#epochMs + Math.floor((nowUs + this.#aheadAt(nowUs)) / 1000)
  }

  /** Virtual microseconds at which it will show this Unix time, if nobody sets it before. */
  virtualUs(unixMs: number): number {
    const shownUs = (unixMs - this.#epochMs) * 1000
    if (this.#gainPpm === 0) return shownUs - this.#aheadUs
    const sinceShownUs = shownUs - (this.#sinceUs + this.#aheadUs)
    return this.#sinceUs + sinceShownUs / (1 + this.#gainPpm / 1e6)
  }

  /** Ahead, or back where it is negative. */
  jump(byMs: number): void {
    this.#set(byMs * 1000, this.#gainPpm)
  }

  /** From now on it gains so many microseconds a second, or loses them where it is negative. */
  drift(gainPpm: number): void {
    this.#set(0, gainPpm)
  }

  /** Shows virtual time again, and keeps to it. */
  setRight(): void {
    this.#set(-this.#aheadAt(this.#nowUs()), 0)
  }

  #set(byUs: number, gainPpm: number): void {
    const nowUs = this.#nowUs()
    this.#aheadUs = this.#aheadAt(nowUs) + byUs
    this.#sinceUs = nowUs
    this.#gainPpm = gainPpm
    this.#onSet()
  }

  #aheadAt(nowUs: number): number {
    return this.#aheadUs + ((nowUs - this.#sinceUs) * this.#gainPpm) / 1e6
  }
}
