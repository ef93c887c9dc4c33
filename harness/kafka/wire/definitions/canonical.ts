import { jsonText, jsonValue } from '../../../core/json.ts'
import { type Field, includes, parseFields } from '../schema.ts'

/** A field as Kafka's message definitions have it. */
interface DefinedField {
  readonly name: string
  readonly type: string
  /** Where a field has none, it is where it is tagged. */
  readonly versions?: string
  readonly nullableVersions?: string
  readonly tag?: number
  readonly taggedVersions?: string
  readonly default?: unknown
  readonly fields?: readonly DefinedField[]
}

export interface Definition {
  readonly apiKey: number
  readonly type: string
  readonly name: string
  readonly validVersions: string
  readonly flexibleVersions?: string
  readonly latestVersionUnstable?: boolean
  readonly fields: readonly DefinedField[]
  readonly commonStructs?: readonly { readonly name: string; readonly fields: readonly DefinedField[] }[]
}

const COMMENT = /^\s*\/\/.*$/gm

/** The files are JSON with lines of comment. */
export function parseDefinition(text: string): Definition {
  return jsonValue(text.replace(COMMENT, '')) as Definition
}

/** `3`, `3-7`, `3+` or `none`. */
export function inRange(range: string | undefined, version: number): boolean {
  if (range === undefined || range === 'none') return false
  const [from = '', to] = range.split('-')
  if (from.endsWith('+')) return version >= Number(from.slice(0, -1))
  return version >= Number(from) && version <= Number(to ?? from)
}

/**
 * One line a field of this version, in the order of the wire: path, type, nullable, tag, default.
 */
export function linesOfDefinition(definition: Definition, version: number): string[] {
  const structs = new Map((definition.commonStructs ?? []).map(({ name, fields }) => [name, fields]))
  const walk = (fields: readonly DefinedField[], above: string): string[] =>
    fields.flatMap((field) => {
      if (!inRange(field.versions ?? field.taggedVersions, version)) return []
      const list = field.type.startsWith('[]')
      const type = field.type.replace('[]', '')
      const inner = field.fields ?? structs.get(type)
      const path = `${above}${lowerCamel(field.name)}`
      const tag = inRange(field.taggedVersions, version) ? (field.tag ?? null) : null
      const nullable = inRange(field.nullableVersions, version)
      const line = lineOf(path, inner === undefined ? type : 'struct', { list, nullable, tag })
      const byDefault = list || inner !== undefined ? '' : ` = ${defaultOf(type, field.default)}`
      return [`${line}${byDefault}`, ...(inner === undefined ? [] : walk(inner, `${path}.`))]
    })
  return walk(definition.fields, '')
}

/** One of our tables in canonical form. */
export function linesOfTable(table: string, version: number): string[] {
  const walk = (fields: readonly Field[], above: string): string[] =>
    fields.flatMap((field) => {
      if (!includes(field.versions, version)) return []
      const path = `${above}${field.name}`
      const tag = field.tag !== null && includes(field.tag.versions, version) ? field.tag.number : null
      const nullable = includes(field.nullable, version)
      const line = lineOf(path, field.type, { list: field.list, nullable, tag })
      const plain = field.list || field.type === 'struct'
      return [
        `${line}${plain ? '' : ` = ${defaultOf(field.type, field.default)}`}`,
        ...walk(field.fields, `${path}.`),
      ]
    })
  return walk(parseFields(table), '')
}

function lineOf(
  path: string,
  type: string,
  { list, nullable, tag }: { list: boolean; nullable: boolean; tag: number | null },
): string {
  return `${path} ${list ? '[]' : ''}${type}${nullable ? ' or null' : ''}${tag === null ? '' : ` tag ${tag}`}`
}

function lowerCamel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** Numbers in any notation, true and false, null; the type's zero where none is written. */
function defaultOf(type: string, written: unknown): string {
  const text = written === undefined ? '' : String(written)
  if (text === 'null') return 'null'
  if (type === 'string') return jsonText(text)
  if (type === 'bool') return text === '' ? 'false' : text.toLowerCase()
  if (type === 'bytes' || type === 'records' || type === 'uuid') return text
  return text === '' ? '0' : String(Number(text))
}
