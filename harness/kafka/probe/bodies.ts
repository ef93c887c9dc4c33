import fc from 'fast-check'
import type { Body } from '../wire/index.ts'
import { type Field, includes } from '../wire/schema.ts'

/** Bodies with a value for every field of this version, edges and nulls included. */
export function bodies(fields: readonly Field[], version: number): fc.Arbitrary<Body> {
  const present = fields.filter((field) => includes(field.versions, version))
  return fc.record(Object.fromEntries(present.map((field) => [field.name, valueFor(field, version)])))
}

function valueFor(field: Field, version: number): fc.Arbitrary<unknown> {
  const one = oneFor(field, version)
  const value = field.list ? fc.array(one, { maxLength: 3 }) : one
  return includes(field.nullable, version) ? fc.option(value) : value
}

function oneFor(field: Field, version: number): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'struct':
      return bodies(field.fields, version)
    case 'bool':
      return fc.boolean()
    case 'int8':
      return fc.integer({ min: -(2 ** 7), max: 2 ** 7 - 1 })
    case 'int16':
      return fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })
    case 'uint16':
      return fc.nat(2 ** 16 - 1)
    case 'int32':
      return fc.integer()
    case 'int64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    case 'float64':
      return fc.double({ noNaN: true })
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 12 })
    case 'uuid':
      return fc.uint8Array({ minLength: 16, maxLength: 16 }).map(hexOf)
    case 'bytes':
    case 'records':
      return fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes))
    default:
      throw new Error(`no values for the type ${field.type}`)
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/**
 * Makes bodies in which no two values are the same, so that a value can be followed through another
 * codec.
 */
export class DistinctBodies {
  #next = 1

  /**
   * Two elements in every list, and one value in each other field; bytes are what `bytes` gives.
   */
  body(fields: readonly Field[], version: number, bytes: (field: Field, text: string) => Buffer): Body {
    const value = (field: Field): unknown => {
      this.#next += 1
      switch (field.type) {
        case 'struct':
          return this.body(field.fields, version, bytes)
        case 'bool':
          return true
        case 'int64':
          return 2n ** 53n + BigInt(this.#next)
        case 'string':
          return `text-${this.#next}`
        case 'bytes':
        case 'records':
          return bytes(field, `bytes-${this.#next}`)
        default:
          return this.#next
      }
    }
    const present = fields.filter((field) => includes(field.versions, version))
    const entries = present.map((field): [string, unknown] => [
      field.name,
      field.list ? [value(field), value(field)] : value(field),
    ])
    return Object.fromEntries(entries)
  }
}

/**
 * The values at the ends of a body's branches, as text, without the fields of the name `except`.
 * True and false are left out, as nothing tells them apart.
 */
export function leaves(value: unknown, except?: string): string[] {
  if (Buffer.isBuffer(value)) return [value.toString()]
  if (Array.isArray(value)) return value.flatMap((each) => leaves(each, except))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, each]) => (name === except ? [] : leaves(each, except)))
  return typeof value === 'boolean' || value === null || value === undefined ? [] : [String(value)]
}
