/** Where two answers differ: a path, and what stands there on either side. */
export interface AnswerDifference {
  /** For example `topics[0].errorMessage`. */
  readonly path: string
  readonly simulated: string
  readonly real: string
}

/**
 * All places in which the answers differ; where lists have not the same length, the list as a
 * whole.
 */
export function differences(simulated: unknown, real: unknown, path = ''): AnswerDifference[] {
  if (Array.isArray(simulated) && Array.isArray(real)) {
    const named = [byName(simulated), byName(real)] as const
    if (named[0] !== null && named[1] !== null) return differences(named[0], named[1], path)
    if (simulated.length !== real.length) return [{ path, simulated: text(simulated), real: text(real) }]
    return simulated.flatMap((each, index) => differences(each, real[index], `${path}[${index}]`))
  }
  if (isObject(simulated) && isObject(real)) {
    const names = new Set([...Object.keys(simulated), ...Object.keys(real)])
    return [...names].flatMap((name) =>
      differences(simulated[name], real[name], path === '' ? name : `${path}.${name}`),
    )
  }
  return Object.is(simulated, real) ? [] : [{ path, simulated: text(simulated), real: text(real) }]
}

/** A list whose elements have names of their own: then they are compared by them. */
const NAMES = ['name', 'apiKey']

function byName(list: readonly unknown[]): Readonly<Record<string, unknown>> | null {
  if (list.length < 2 || !list.every(isObject)) return null
  const field = NAMES.find((each) => list.every((element) => isObject(element) && each in element))
  if (field === undefined) return null
  const named = Object.fromEntries(
    list.map((element) => [String((element as Record<string, unknown>)[field]), element]),
  )
  return Object.keys(named).length === list.length ? named : null
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}
