interface Sample {
  startedMs: number
  lastMs: number
  sum: number
}

export interface RateWindow {
  readonly samples: number
  readonly sampleMs: number
}

/**
 * The rate per second over the last samples (Kafka's Rate over a WindowedSum). Samples of the
 * window that lie before the first one count as well, all but the current one: a burst after a
 * silence is spread over the window.
 */
export class Rate {
  readonly #window: RateWindow
  readonly #samples: Sample[] = []
  #current = 0

  constructor(window: RateWindow) {
    this.#window = window
  }

  add(amount: number, nowMs: number): void {
    const sample = this.#sampleAt(nowMs)
    sample.sum += amount
    sample.lastMs = nowMs
  }

  /**
   * How long it takes from now until the rate is back at the bound, in whole milliseconds; 0: it is
   * not above it.
   */
  overMs(boundPerSecond: number, nowMs: number): number {
    const windowMs = this.#windowMs(nowMs)
    const perSecond = (this.#samples.reduce((sum, each) => sum + each.sum, 0) * 1_000) / windowMs
    if (perSecond <= boundPerSecond) return 0
    return Math.round(((perSecond - boundPerSecond) / boundPerSecond) * windowMs)
  }

  #sampleAt(nowMs: number): Sample {
    const current = this.#samples[this.#current]
    if (current === undefined) return this.#begin(nowMs)
    if (nowMs - current.startedMs < this.#window.sampleMs) return current
    // One more than are looked at: the oldest may reach into the window.
    this.#current = (this.#current + 1) % (this.#window.samples + 1)
    return this.#begin(nowMs)
  }

  #begin(nowMs: number): Sample {
    const sample = { startedMs: nowMs, lastMs: nowMs, sum: 0 }
    this.#samples[this.#current] = sample
    return sample
  }

  #windowMs(nowMs: number): number {
    const { samples, sampleMs } = this.#window
    let oldestMs = nowMs
    for (const sample of this.#samples) {
      if (nowMs - sample.lastMs >= samples * sampleMs) Object.assign(sample, startedAt(nowMs))
      oldestMs = Math.min(oldestMs, sample.startedMs)
    }
    const elapsedMs = nowMs - oldestMs
    const missing = Math.max(0, samples - 1 - Math.floor(elapsedMs / sampleMs))
    return Math.max(1, elapsedMs + missing * sampleMs)
  }
}

function startedAt(nowMs: number): Sample {
  return { startedMs: nowMs, lastMs: nowMs, sum: 0 }
}
