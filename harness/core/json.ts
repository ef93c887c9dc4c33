const { parse, stringify } = JSON
const { deleteProperty, defineProperty, getOwnPropertyDescriptor } = Reflect

/**
 * Objects and big numbers are asked for their `toJSON`, which code under test may have put here.
 */
const ASKED = [Object.prototype, Array.prototype, BigInt.prototype] as const

/**
 * `JSON.stringify`, as it was before code under test could put another function in its place, and
 * whatever that code has made `toJSON` of all objects.
 */
export const jsonText: typeof JSON.stringify = (...given: [unknown]) => {
  const theirs: [object, PropertyDescriptor][] = []
  for (const prototype of ASKED) {
    const descriptor = 'toJSON' in prototype ? getOwnPropertyDescriptor(prototype, 'toJSON') : undefined
    if (descriptor !== undefined && deleteProperty(prototype, 'toJSON')) theirs.push([prototype, descriptor])
  }
  try {
    return stringify(...given)
  } finally {
    for (const [prototype, descriptor] of theirs) defineProperty(prototype, 'toJSON', descriptor)
  }
}

/** `JSON.parse`, from before code under test could put another function in its place. */
export const jsonValue = parse
