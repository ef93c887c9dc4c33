import { type ByteReader, ByteWriter } from './bytes.ts'
import { type Field, includes, parseFields } from './schema.ts'
import { WireError } from './wire-error.ts'

/** A decoded body: int64 are bigint, bytes and records Buffer, uuids hex, absent values null. */
export type Body = Record<string, unknown>

export type Read = (reader: ByteReader) => Body
export type Write = (writer: ByteWriter, body: Body) => void

const ZERO_UUID = '0'.repeat(32)

/**
 * The reader and the writer of one schema in one version, compiled to straight-line code: a schedule costs a
 * millisecond, and interpreting the table for each of its hundred frames would take a good part of it.
 */
export function compile(text: string, version: number, flexible: boolean): { read: Read; write: Write } {
  const fields = parsed(text)
  const shape: Shape = { version, flexible }
  const read = new Function('r', `${readStruct(fields, shape, 'v', 0)}return v0`) as Read
  const write = new Function('scratch', `return (w, o0) => {${writeStruct(fields, shape, 0)}}`)(
    () => new ByteWriter(),
  ) as Write
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

interface Shape {
  readonly version: number
  readonly flexible: boolean
}

// --- reading

function readStruct(fields: readonly Field[], shape: Shape, prefix: string, depth: number): string {
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

function readTags(fields: readonly Field[], shape: Shape, depth: number): string {
  const cases = fields.flatMap((field, index) =>
    includes(field.versions, shape.version) && isTagged(field, shape)
      ? [`case ${field.tag?.number}:{${readField(field, shape, `f${depth}_${index}`, depth)}break}`]
      : [],
  )
  if (cases.length === 0) return 'r.skipTags();'
  const count = `n${depth}`
  return `for(let ${count}=r.uvarint();${count}>0;${count}--){const tag=r.uvarint();const size=r.uvarint();switch(tag){${cases.join('')}default:r.slice(size)}}`
}

function readField(field: Field, shape: Shape, name: string, depth: number): string {
  const { flexible } = shape
  if (!field.list) return readOne(field, shape, name, depth)
  const length = flexible ? 'r.compactLength()' : 'r.int32()'
  const count = `c_${name}`
  const one = `e_${name}`
  const read = readOne({ ...field, nullable: null }, shape, one, depth + 1)
  return `const ${count}=${length};if(${count}<0)${name}=null;else{r.count(${count});${name}=[];for(let i=0;i<${count};i++){let ${one};${read}${name}.push(${one})}}`
}

function readOne(field: Field, shape: Shape, name: string, depth: number): string {
  const { flexible, version } = shape
  switch (field.type) {
    case 'struct': {
      const inner = `${readStruct(field.fields, shape, 's', depth + 1)}${name}=s${depth + 1};`
      const nullable = !field.list && includes(field.nullable, version)
      return nullable ? `if(r.int8()<0)${name}=null;else{${inner}}` : `{${inner}}`
    }
    case 'string':
      return `${name}=r.text(${flexible ? 'r.compactLength()' : 'r.length16()'});`
    case 'bytes':
    case 'records':
      return `${name}=r.slice(${flexible ? 'r.compactLength()' : 'r.int32()'});`
    default:
      return `${name}=r.${field.type}();`
  }
}

// --- writing

function writeStruct(fields: readonly Field[], shape: Shape, depth: number): string {
  let code = ''
  const tagged: Field[] = []
  for (const field of fields) {
    if (!includes(field.versions, shape.version)) continue
    if (isTagged(field, shape)) tagged.push(field)
    else code += writeField(field, shape, depth, 'w')
  }
  return shape.flexible ? code + writeTags(tagged, shape, depth) : code
}

function writeTags(fields: readonly Field[], shape: Shape, depth: number): string {
  if (fields.length === 0) return 'w.uvarint(0);'
  const sorted = [...fields].sort((a, b) => (a.tag?.number ?? 0) - (b.tag?.number ?? 0))
  const list = `t${depth}`
  const parts = sorted.map((field) => {
    const value = `o${depth}.${field.name}`
    const changed = `${value}!==undefined&&!same(${value},${defaultOf(field, shape)})`
    return `if(${changed}){const outer=w;{const w=scratch();${writeField(field, shape, depth, 'w')}${list}.push([${field.tag?.number},w.done()])}}`
  })
  const same =
    'const same=(a,b)=>a===b||(Array.isArray(a)&&Array.isArray(b)&&a.length===0&&b.length===0)||(a!==null&&b!==null&&typeof a==="object"&&!Array.isArray(a)&&Object.keys(b).every((k)=>a[k]===undefined||same(a[k],b[k])));'
  return `{${same}const ${list}=[];${parts.join('')}w.uvarint(${list}.length);for(const [tag,bytes] of ${list}){w.uvarint(tag);w.uvarint(bytes.length);w.bytes(bytes)}}`
}

function writeField(field: Field, shape: Shape, depth: number, writer: string): string {
  const value = `x${depth}_${field.name}`
  const given = `let ${value}=o${depth}.${field.name};if(${value}===undefined)${value}=${defaultOf(field, shape)};`
  if (!field.list) return `{${given}${writeOne(field, shape, value, depth)}}`
  const { flexible } = shape
  const empty = flexible ? `${writer}.uvarint(0)` : `${writer}.int32(-1)`
  const count = flexible ? `${writer}.uvarint(${value}.length+1)` : `${writer}.int32(${value}.length)`
  const one = `y${depth}_${field.name}`
  const write = writeOne({ ...field, list: false, nullable: null }, shape, one, depth)
  return `{${given}if(${value}===null){${empty}}else{${count};for(const ${one} of ${value}){${write}}}}`
}

function writeOne(field: Field, shape: Shape, value: string, depth: number): string {
  const { flexible, version } = shape
  switch (field.type) {
    case 'struct': {
      const inner = `const o${depth + 1}=${value};${writeStruct(field.fields, shape, depth + 1)}`
      if (!includes(field.nullable, version)) return `{${inner}}`
      return `if(${value}===null)w.int8(-1);else{w.int8(1);${inner}}`
    }
    case 'string': {
      const nothing = flexible ? 'w.uvarint(0)' : 'w.int16(-1)'
      return `if(${value}===null)${nothing};else w.${flexible ? 'compactString' : 'string16'}(${value});`
    }
    case 'bytes':
    case 'records': {
      const nothing = flexible ? 'w.uvarint(0)' : 'w.int32(-1)'
      const length = flexible ? `w.uvarint(${value}.length+1)` : `w.int32(${value}.length)`
      return `if(${value}===null)${nothing};else{${length};w.bytes(${value})}`
    }
    default:
      return `w.${field.type}(${value});`
  }
}

// --- defaults

function isTagged(field: Field, { version, flexible }: Shape): boolean {
  return flexible && field.tag !== null && includes(field.tag.versions, version)
}

/** The default as JavaScript. */
function defaultOf(field: Field, shape: Shape): string {
  if (field.default === 'null') return 'null'
  if (field.list) return '[]'
  switch (field.type) {
    case 'struct': {
      const fields = field.fields.map((each) => `${each.name}:${defaultOf(each, shape)}`)
      return `{${fields.join(',')}}`
    }
    case 'string':
      return JSON.stringify(field.default ?? '')
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
