/**
 * A request and its answer as data, for all versions and both directions. One field a line:
 *
 *     name type versions [null:versions] [tag:number:versions] [=default]
 *
 * Deeper indentation under `[]` (a list) or `{}` (one) gives the fields of a structure. Versions:
 * `3`, `3-7`, `3+`. Types: bool, int8, int16, uint16, int32, uint32, int64, float64, string, bytes,
 * records, uuid, and `[]` before them. Names are those of Kafka's message definitions, in lower
 * camel case.
 */
export interface ApiSchema {
  readonly name: string
  readonly key: number
  readonly min: number
  readonly max: number
  /**
   * From this version on, strings and lists are compact and structures end with tagged fields
   * (KIP-482).
   */
  readonly flexibleFrom: number | null
  readonly request: string
  readonly response: string
}

export interface Versions {
  readonly from: number
  readonly to: number
}

export interface Field {
  readonly name: string
  /** The type of one element; `struct` where `fields` tell more. */
  readonly type: string
  readonly list: boolean
  readonly versions: Versions
  readonly nullable: Versions | null
  readonly tag: { readonly number: number; readonly versions: Versions } | null
  /** As written; undefined where the type's zero is the default. */
  readonly default: string | undefined
  readonly fields: readonly Field[]
}

const INDENT = 2

/** The fields of one direction. @throws Error where a line does not follow the notation */
export function parseFields(text: string): readonly Field[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const [fields] = parseLevel(lines, 0, lines[0] === undefined ? 0 : depthOf(lines[0]))
  return fields
}

function parseLevel(lines: readonly string[], start: number, depth: number): [Field[], number] {
  const fields: Field[] = []
  let index = start
  for (let line = lines[index]; line !== undefined && depthOf(line) === depth; line = lines[index]) {
    const field = parseLine(line)
    const next = lines[index + 1]
    if (next !== undefined && depthOf(next) > depth) {
      const [children, end] = parseLevel(lines, index + 1, depth + 1)
      fields.push({ ...field, fields: children })
      index = end
    } else {
      fields.push(field)
      index += 1
    }
  }
  return [fields, index]
}

function depthOf(line: string): number {
  return (line.length - line.trimStart().length) / INDENT
}

function parseLine(line: string): Field {
  const [name = '', written = '', versions = '', ...rest] = line.trim().split(' ')
  const list = written.startsWith('[]')
  const type = written === '[]' || written === '{}' ? 'struct' : written.replace('[]', '')
  const nullable = rest.find((each) => each.startsWith('null:'))?.slice('null:'.length)
  const tag = rest.find((each) => each.startsWith('tag:'))?.split(':')
  const byDefault = rest.find((each) => each.startsWith('='))?.slice(1)
  return {
    name,
    type,
    list,
    versions: parseVersions(versions),
    nullable: nullable === undefined ? null : parseVersions(nullable),
    tag: tag === undefined ? null : { number: Number(tag[1]), versions: parseVersions(tag[2] ?? '') },
    default: byDefault,
    fields: [],
  }
}

function parseVersions(text: string): Versions {
  const match = /^(\d+)(\+|-(\d+))?$/.exec(text)
  if (match === null) throw new Error(`not a range of versions: '${text}'`)
  const from = Number(match[1])
  if (match[2] === '+') return { from, to: Number.POSITIVE_INFINITY }
  return { from, to: match[3] === undefined ? from : Number(match[3]) }
}

export function includes(versions: Versions | null, version: number): boolean {
  return versions !== null && version >= versions.from && version <= versions.to
}
