/** A scale from 0 on. */
export interface Axis {
  readonly end: number
  readonly ticks: readonly number[]
}

/** A scale that reaches this value, with about so many ticks at round numbers. */
export function axisOf(highest: number, about: number): Axis {
  const least = highest / about
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5, 10].find((each) => each * power >= least) ?? 10
  // Records and milliseconds come whole.
  const step = Math.max(1, factor * power)
  const steps = Math.max(1, Math.ceil(highest / step))
  return { end: steps * step, ticks: Array.from({ length: steps + 1 }, (_, index) => index * step) }
}
