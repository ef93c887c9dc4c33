import { wallTime } from '../../reports/figures.ts'
import type { ConfirmationTry } from '../core/confirmation.ts'

/** A line a try, with what is left. */
export class RealProgress {
  readonly #times: number
  readonly #nowMs: () => number
  readonly #startedMs: number

  constructor(times: number, nowMs: () => number) {
    this.#times = times
    this.#nowMs = nowMs
    this.#startedMs = nowMs()
  }

  lineOf({ reproduced, ms, diverged }: ConfirmationTry, done: number): string {
    const outcome = reproduced ? 'reproduced' : diverged.length > 0 ? 'went another way' : 'not reproduced'
    const leftMs = ((this.#nowMs() - this.#startedMs) / done) * (this.#times - done)
    const left = done < this.#times ? `, about ${wallTime(leftMs)} left` : ''
    return `try ${done} of ${this.#times}: ${outcome} in ${wallTime(ms)}${left}`
  }
}
