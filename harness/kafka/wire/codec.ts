import { jsonText } from '../../core/json.ts'
import type { ByteReader, ByteWriter } from './bytes.ts'
import { type Field, includes, parseFields } from './schema.ts'
import { WireError } from './wire-error.ts'

/**
 * A decoded body by field name: int64 are bigint, bytes and records Buffer (views into the frame,
 * not copies), uuids 32 lower-case hex digits, lists arrays, structures bodies, absent values null;
 * all others number, string or boolean.
 */
export type Body = Readonly<Record<string, unknown>>

/** Whether a value of a body is a body itself: an element of a list. */
export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
}

export type ReadBody = (reader: ByteReader) => Body
export type WriteBody = (writer: ByteWriter, body: Body) => void

const ZERO_UUID = '0'.repeat(32)

/**
 * The reader and the writer of one schema in one version, compiled to straight-line code: a
 * schedule costs a millisecond, and interpreting the table for each of its hundred frames would
 * take a good part of it.
 *
 * Like Kafka's generated classes, the reader refuses null where the version has none, and lets what
 * follows the last field pass unread. The writer throws TypeError on such a null: that is our own
 * mistake.
 */
export function compile(
  text: string,
  version: number,
  flexible: boolean,
): { read: ReadBody; write: WriteBody } {
  const fields = parsed(text)
  const shape: VersionShape = { version, flexible }
  const read = new Function('r', `${readStruct(fields, shape, 'v', 0)}return v0`) as ReadBody
  const write = new Function('w', 'o0', writeStruct(fields, shape, 0)) as WriteBody
  return { read, write }
}

const parsedByText = new Map<string, readonly Field[]>()

function parsed(text: string): readonly Field[] {
  const known = parsedByText.get(text)
  if (known !== undefined) return known
  const made = parseFields(text)
  parsedByText.set(text, made)
  return made
}

interface VersionShape {
  readonly version: number
  readonly flexible: boolean
}

// --- reading

function readStruct(fields: readonly Field[], shape: VersionShape, prefix: string, depth: number): string {
  const { version, flexible } = shape
  const target = `${prefix}${depth}`
  let code = ''
  const properties: string[] = []
  fields.forEach((field, index) => {
    const name = `f${depth}_${index}`
    const present = includes(field.versions, version)
    const tagged = present && isTagged(field, shape)
    if (present && !tagged) code += `let ${name};${readField(field, shape, name, depth)}`
    else code += `let ${name}=${defaultOf(field, shape)};`
    properties.push(`${field.name}:${name}`)
  })
  if (flexible) code += readTags(fields, shape, depth)
  return `${code}const ${target}={${properties.join(',')}};`
}

function readTags(fields: readonly Field[], shape: VersionShape, depth: number): string {
  const cases = fields.flatMap((field, index) =>
    includes(field.versions, shape.version) && isTagged(field, shape)
      ? [`case ${field.tag?.number}:{${readField(field, shape, `f${depth}_${index}`, depth)}break}`]
      : [],
  )
  if (cases.length === 0) return 'r.skipTags();'
  const count = `n${depth}`
  const body = `const tag=r.uvarint();const end=r.uvarint()+r.position;switch(tag){${cases.join('')}default:r.skipTo(end)}r.expectAt(end);`
  return `for(let ${count}=r.uvarint();${count}>0;${count}--){${body}}`
}

function readField(field: Field, shape: VersionShape, name: string, depth: number): string {
  const { flexible, version } = shape
  if (!field.list) return readOne(field, shape, name, depth)
  const length = flexible ? 'r.compactLength()' : 'r.int32()'
  const count = `c_${name}`
  const one = `e_${name}`
  const read = readOne({ ...field, nullable: null }, shape, one, depth + 1)
  const elements = `r.count(${count});${name}=[];for(let i=0;i<${count};i++){let ${one};${read}${name}.push(${one})}`
  const nullable = includes(field.nullable, version)
  const list = nullable ? `if(${count}<0)${name}=null;else{${elements}}` : `r.present(${count});${elements}`
  return `const ${count}=${length};${list}`
}

function readOne(field: Field, shape: VersionShape, name: string, depth: number): string {
  const { flexible, version } = shape
  const nullable = includes(field.nullable, version)
  const required = (length: string): string => (nullable ? length : `r.present(${length})`)
  switch (field.type) {
    case 'struct': {
      const inner = `${readStruct(field.fields, shape, 's', depth + 1)}${name}=s${depth + 1};`
      if (!nullable) return `{${inner}}`
      // The generated classes write a tagged structure that is not there as 0, any other one as -1.
      const absent = isTagged(field, shape) ? 'r.int8()===0' : 'r.int8()<0'
      return `if(${absent})${name}=null;else{${inner}}`
    }
    case 'string':
      return `${name}=r.text(${required(flexible ? 'r.compactLength()' : 'r.int16()')});`
    case 'bytes':
    case 'records':
      return `${name}=r.slice(${required(flexible ? 'r.compactLength()' : 'r.int32()')});`
    default:
      return `${name}=r.${field.type}();`
  }
}

// --- writing

function writeStruct(fields: readonly Field[], shape: VersionShape, depth: number): string {
  let code = ''
  const tagged: Field[] = []
  for (const field of fields) {
    if (!includes(field.versions, shape.version)) continue
    if (isTagged(field, shape)) tagged.push(field)
    else code += writeField(field, shape, depth)
  }
  return shape.flexible ? code + writeTags(tagged, shape, depth) : code
}

/** Tagged fields, those that differ from their defaults, in the order of their tags (KIP-482). */
function writeTags(fields: readonly Field[], shape: VersionShape, depth: number): string {
  if (fields.length === 0) return 'w.uvarint(0);'
  const sorted = [...fields].sort((a, b) => (a.tag?.number ?? 0) - (b.tag?.number ?? 0))
  const given = sorted.map(
    (field, index) => `const g${depth}_${index}=${differs(field, shape, `o${depth}.${field.name}`)};`,
  )
  const count = sorted.map((_, index) => `(g${depth}_${index}?1:0)`).join('+')
  const writes = sorted.map((field, index) => {
    const start = `p${depth}_${index}`
    const value = writeField(field, shape, depth)
    return `if(g${depth}_${index}){w.uvarint(${field.tag?.number});const ${start}=w.position;${value}w.prefixSize(${start})}`
  })
  return `${given.join('')}w.uvarint(${count});${writes.join('')}`
}

/** Whether a value is given and is not the field's default, as JavaScript. */
function differs(field: Field, shape: VersionShape, value: string): string {
  const byDefault = defaultOf(field, shape)
  if (byDefault === 'null') return `(${value}!==undefined&&${value}!==null)`
  if (field.list || field.type === 'bytes') return `(${value}!==undefined&&${value}?.length!==0)`
  if (field.type !== 'struct') return `(${value}!==undefined&&${value}!==${byDefault})`
  const inner = field.fields.map((each) => differs(each, shape, `${value}.${each.name}`))
  return `(${value}!==undefined&&(${value}===null||${inner.join('||')}))`
}

function writeField(field: Field, shape: VersionShape, depth: number): string {
  const { flexible, version } = shape
  const value = `x${depth}_${field.name}`
  const given = `let ${value}=o${depth}.${field.name};if(${value}===undefined)${value}=${defaultOf(field, shape)};`
  if (!field.list) return `{${given}${writeOne(field, shape, value, depth)}}`
  const count = flexible ? `w.uvarint(${value}.length+1)` : `w.int32(${value}.length)`
  const one = `y${depth}_${field.name}`
  const write = writeOne({ ...field, list: false, nullable: null }, shape, one, depth)
  const list = `${count};for(const ${one} of ${value}){${write}}`
  const nothing = flexible ? 'w.uvarint(0)' : 'w.int32(-1)'
  const nullable = includes(field.nullable, version)
  return `{${given}${nullable ? `if(${value}===null)${nothing};else{${list}}` : list}}`
}

function writeOne(field: Field, shape: VersionShape, value: string, depth: number): string {
  const { flexible, version } = shape
  const orNull = (nothing: string, write: string): string =>
    includes(field.nullable, version) ? `if(${value}===null)${nothing};else{${write}}` : `{${write}}`
  switch (field.type) {
    case 'struct': {
      const inner = `const o${depth + 1}=${value};${writeStruct(field.fields, shape, depth + 1)}`
      const absent = isTagged(field, shape) ? 'w.int8(0)' : 'w.int8(-1)'
      return orNull(absent, includes(field.nullable, version) ? `w.int8(1);${inner}` : inner)
    }
    case 'string':
      return flexible
        ? orNull('w.uvarint(0)', `w.compactString(${value})`)
        : orNull('w.int16(-1)', `w.string16(${value})`)
    case 'bytes':
    case 'records':
      return flexible
        ? orNull('w.uvarint(0)', `w.uvarint(${value}.length+1);w.bytes(${value})`)
        : orNull('w.int32(-1)', `w.int32(${value}.length);w.bytes(${value})`)
    default:
      return `w.${field.type}(${value});`
  }
}

// --- defaults

function isTagged(field: Field, { version, flexible }: VersionShape): boolean {
  return flexible && field.tag !== null && includes(field.tag.versions, version)
}

/** The default as JavaScript. */
function defaultOf(field: Field, shape: VersionShape): string {
  if (field.default === 'null') return 'null'
  if (field.list) return '[]'
  switch (field.type) {
    case 'struct': {
      const fields = field.fields.map((each) => `${each.name}:${defaultOf(each, shape)}`)
      return `{${fields.join(',')}}`
    }
    case 'string':
      return jsonText(field.default ?? '')
    case 'bytes':
      return 'Buffer.alloc(0)'
    case 'records':
      return 'null'
    case 'uuid':
      return `'${ZERO_UUID}'`
    case 'bool':
      return field.default ?? 'false'
    case 'int64':
      return `${BigInt(field.default ?? 0)}n`
    default:
      return String(Number(field.default ?? 0))
  }
}

/** Runs a read; what runs past the end of the frame is the sender's fault. */
export function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw new WireError('malformed', error.message)
    throw error
  }
}
