/** Numbers as a person reads them. */

/** `1 schedule`, `2,000 schedules`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${whole(number)} ${number === 1 ? one : many}`
}

/** With thousands separated, in every locale alike. */
export function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US')
}

/** Wall time: `376 ms`, `2.3 s`, `4 min 5 s`. */
export function wallTime(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Virtual time since the start of the run, to the millisecond: `33.028 s`. */
export function virtualTime(timeUs: number): string {
  return `${(timeUs / 1_000_000).toFixed(3)} s`
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  if (parts.length <= 1) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
