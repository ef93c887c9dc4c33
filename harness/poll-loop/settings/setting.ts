import { didYouMean } from '../../core/did-you-mean.ts'
import { KafkaException } from '../errors.ts'

export type SettingValue = string | number | boolean | readonly string[] | null | undefined

/** One setting: how its value is read, and what holds where it is not given. */
export interface SettingOf<Value> {
  readonly fallback: Value
  /** @returns the value, or what it must be: "a number from 0 on" */
  read(value: Exclude<SettingValue, undefined>): { readonly value: Value } | { readonly must: string }
}

export type SettingTable = Readonly<Record<string, SettingOf<unknown>>>

export type SettingsOf<Table extends SettingTable> = {
  readonly [Name in keyof Table]: Table[Name] extends SettingOf<infer Value> ? Value : never
}

/** As a user gives them, by their Kafka names. */
export type GivenSettings<Table extends SettingTable> = { readonly [Name in keyof Table]?: SettingValue }

/** @throws KafkaException `ConfigException`, with one sentence */
export function readSettings<Table extends SettingTable>(
  table: Table,
  given: GivenSettings<Table>,
  of: string,
): SettingsOf<Table> {
  const values: Record<string, unknown> = {}
  for (const [name, { fallback }] of Object.entries(table)) values[name] = fallback
  for (const [name, value] of Object.entries(given)) {
    const setting = table[name]
    if (setting === undefined) {
      const instead = didYouMean(name, Object.keys(table)) ?? `a ${of} knows ${Object.keys(table).join(', ')}`
      throw new KafkaException('ConfigException', `there is no setting '${name}' of a ${of}; ${instead}`)
    }
    if (value === undefined) continue
    const read = setting.read(value as Exclude<SettingValue, undefined>)
    if ('must' in read)
      throw new KafkaException('ConfigException', `'${name}' must be ${read.must}, not ${shown(value)}`)
    values[name] = read.value
  }
  return values as SettingsOf<Table>
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

/** A whole number; Java takes texts, too. */
export function whole(fallback: number, min = 0, max = 2 ** 31 - 1): SettingOf<number> {
  const must = `a whole number from ${min} to ${max}`
  return {
    fallback,
    read(value) {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
      if (typeof number !== 'number' || !Number.isInteger(number)) return { must }
      return number < min || number > max ? { must } : { value: number }
    },
  }
}

export function flag(fallback: boolean): SettingOf<boolean> {
  return {
    fallback,
    read(value) {
      if (value === true || value === 'true') return { value: true }
      if (value === false || value === 'false') return { value: false }
      return { must: 'true or false' }
    },
  }
}

export function text(fallback: string | null): SettingOf<string | null> {
  return {
    fallback,
    read: (value) => (typeof value === 'string' || value === null ? { value } : { must: 'a text' }),
  }
}

/** One of some words, in any case. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  fallback: NoInfer<Word>,
): SettingOf<Word> {
  return {
    fallback,
    read(value) {
      const found = words.find((each) => each.toLowerCase() === String(value).toLowerCase())
      return found === undefined ? { must: words.join(' or ') } : { value: found }
    },
  }
}

/** A list, or a text with commas. */
export function list<Item>(
  fallback: readonly Item[],
  must: string,
  item: (text: string) => Item | null,
): SettingOf<readonly Item[]> {
  return {
    fallback,
    read(value) {
      const texts = typeof value === 'string' ? value.split(',') : value
      if (!Array.isArray(texts)) return { must }
      const items = texts.map((each: unknown) => item(String(each).trim()))
      return items.length === 0 || items.includes(null) ? { must } : { value: items as Item[] }
    },
  }
}
