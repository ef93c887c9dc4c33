const BEAT_MS = 250

/** Counts up while its thread turns its event loop; threads share it. */
export type Beats = Int32Array

export function sharedBeats(): Beats {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

/** Lets this thread's heart beat for as long as it lives. */
export function beat(beats: Beats): void {
  setInterval(() => void Atomics.add(beats, 0, 1), BEAT_MS).unref()
}

/** The time of a look, by the clocks that count. */
export interface Look {
  readonly wallMs: number
  readonly cpuMs: number
}

/**
 * How long another thread has been silent, as far as somebody was there to hear it: of the time
 * between two looks no more counts than lies between two that are in time. A process that was
 * suspended, or a machine that slept, looks late and has heard nothing of what it slept through.
 */
export class Pulse {
  readonly #beats: Beats
  readonly #betweenMsMax: number
  #seen: number
  #last: Look
  #silent: Look = { wallMs: 0, cpuMs: 0 }

  /** `betweenMsMax`: two looks further apart than this are late. */
  constructor(beats: Beats, betweenMsMax: number, first: Look) {
    this.#beats = beats
    this.#betweenMsMax = betweenMsMax
    this.#seen = Atomics.load(beats, 0)
    this.#last = first
  }

  /** Wall and CPU time since the last beat that was heard. */
  silentAt(look: Look): Look {
    const beats = Atomics.load(this.#beats, 0)
    const past = (clock: keyof Look): number => {
      const betweenMs = Math.min(look[clock] - this.#last[clock], this.#betweenMsMax)
      return beats === this.#seen ? this.#silent[clock] + betweenMs : 0
    }
    this.#silent = { wallMs: past('wallMs'), cpuMs: past('cpuMs') }
    this.#seen = beats
    this.#last = look
    return this.#silent
  }
}
