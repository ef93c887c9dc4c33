import type * as z from 'zod'
import { didYouMean } from '../core/did-you-mean.ts'

/**
 * The shape that a value must have, and how to say so. Paths are patterns: `topics.*.partitions`
 * stands for that field of every topic.
 */
export interface Shape {
  readonly schema: z.ZodType
  /**
   * Suggestions, each the end of a sentence, by pattern. The pattern's parents answer where it has
   * none.
   */
  readonly expected: Readonly<Record<string, string>>
  /** Fields that an object may have; `''` is the value itself. */
  readonly fields: Readonly<Record<string, readonly string[]>>
  /** Names that a text may have, for "did you mean". */
  readonly names?: Readonly<Record<string, readonly string[]>>
}

/** The first problem of a value, as a sentence whose subject is `who`; null where there is none. */
export function complaint(shape: Shape, value: unknown, who: string): string | null {
  const checked = shape.schema.safeParse(value)
  if (checked.success) return null
  const issue = mostTelling(checked.error.issues)
  if (issue === undefined) return `${who} is not what it should be`
  return issue.code === 'unrecognized_keys'
    ? unknownField(shape, issue.path, issue.keys[0] ?? '', who)
    : wrongValue(shape, value, issue.path, who)
}

function unknownField(shape: Shape, path: readonly PropertyKey[], key: string, who: string): string {
  const known = fieldsAt(shape, path)
  const field = [...path.map(String), key].join('.')
  // A name that is right elsewhere: a field of another kind of fault, for one.
  if (known.length === 0 || known.includes(key)) return `${who} has an unknown field '${field}'; take it away`
  return `${who} has an unknown field '${field}'; ${didYouMean(key, known) ?? `it may have: ${known.join(', ')}`}`
}

function wrongValue(shape: Shape, value: unknown, path: readonly PropertyKey[], who: string): string {
  const field = path.map(String).join('.')
  const found = valueAt(value, path)
  const near = typeof found === 'string' ? didYouMean(found, lookUp(shape.names ?? {}, path) ?? []) : null
  const expected = near ?? expectedAt(shape, path)
  if (field === '') return `${who} is ${shown(found)}; ${expected}`
  return found === undefined
    ? `${who} has no '${field}'; ${expected}`
    : `${who} has ${shown(found)} as '${field}'; ${expected}`
}

type Issue = z.core.$ZodIssue

/** A misspelt field is also a missing one: naming the slip is what helps. */
function mostTelling(issues: readonly Issue[]): Issue | undefined {
  const found = issues.map(deepest)
  return found.find(({ code }) => code === 'unrecognized_keys') ?? found[0]
}

/**
 * The issue of the union branch that got furthest: at `records.orders.3.value`, not at
 * `records.orders`.
 */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue
  const inner = issue.errors
    .map(mostTelling)
    .filter((each) => each !== undefined)
    .filter(({ path, code }) => path.length > 0 || code === 'unrecognized_keys')
    .sort((a, b) => b.path.length - a.path.length)[0]
  return inner === undefined ? issue : { ...inner, path: [...issue.path, ...inner.path] }
}

function fieldsAt(shape: Shape, path: readonly PropertyKey[]): readonly string[] {
  return lookUp(shape.fields, path) ?? []
}

function expectedAt(shape: Shape, path: readonly PropertyKey[]): string {
  for (let length = path.length; length >= 0; length -= 1) {
    const found = lookUp(shape.expected, path.slice(0, length))
    if (found !== undefined) return found
  }
  return 'take it away'
}

function lookUp<T>(table: Readonly<Record<string, T>>, path: readonly PropertyKey[]): T | undefined {
  const parts = path.map(String)
  const found = Object.entries(table).find(([pattern]) => {
    const wanted = pattern === '' ? [] : pattern.split('.')
    return (
      wanted.length === parts.length && wanted.every((part, index) => part === '*' || part === parts[index])
    )
  })
  return found?.[1]
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

const SHOWN_MAX = 60

/** A value in a sentence: short, and never a whole object. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > SHOWN_MAX ? `'${value.slice(0, SHOWN_MAX)}…'` : `'${value}'`
    case 'bigint':
      return `${value}n`
    case 'function':
      return 'a function'
    case 'object':
      if (value === null) return 'null'
      if (value instanceof Promise) return 'a promise'
      if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
      return Object.keys(value).length === 0 ? 'an empty object' : 'an object'
    default:
      return String(value)
  }
}
