import { APIS, type ApiName, type Body } from '../wire/index.ts'
import { type Field, includes, parseFields } from '../wire/schema.ts'

interface Required {
  readonly name: string
  readonly mayBeNull: boolean
  readonly list: boolean
  readonly fields: readonly Required[]
}

const NULLABLE_BY_NATURE: ReadonlySet<string> = new Set(['string', 'bytes', 'records'])
const known = new Map<number, readonly Required[]>()

/** Whether a request holds null where its version has no null: the codec reads it, Kafka's brokers close on it. */
export function hasMisplacedNull(api: ApiName, version: number, body: Body): boolean {
  const id = APIS[api].key * 1_000 + version
  let fields = known.get(id)
  if (fields === undefined) {
    fields = requiredOf(parseFields(APIS[api].request), version)
    known.set(id, fields)
  }
  return misplacedIn(fields, body)
}

function requiredOf(fields: readonly Field[], version: number): Required[] {
  return fields.flatMap((field) => {
    if (!includes(field.versions, version)) return []
    const { name, list } = field
    const inner = requiredOf(field.fields, version)
    const mayBeNull = includes(field.nullable, version)
    const matters = list || NULLABLE_BY_NATURE.has(field.type) || inner.length > 0
    return matters ? [{ name, list, mayBeNull, fields: inner }] : []
  })
}

function misplacedIn(fields: readonly Required[], body: Body): boolean {
  return fields.some(({ name, mayBeNull, list, fields: inner }) => {
    const value = body[name]
    if (value === null) return !mayBeNull
    if (list) return (value as readonly unknown[]).some((each) => misplacedElement(inner, each))
    return inner.length > 0 && misplacedIn(inner, value as Body)
  })
}

function misplacedElement(fields: readonly Required[], element: unknown): boolean {
  if (element === null) return true
  return fields.length > 0 && misplacedIn(fields, element as Body)
}
