import { describe, expect, it } from 'vitest'
import { APIS, type ApiName, OFFSETS_RECORDS, type StateRecordSchema, TRANSACTION_RECORDS } from '../index.ts'
import { type Definition, inRange, linesOfDefinition, linesOfTable, parseDefinition } from './canonical.ts'
import { messageDefinitions, recordDefinitions } from './jar.ts'

/** The newest, and the last that knows the versions that Kafka 4 has dropped (KIP-896). */
const RELEASES = ['4.1.0', '3.9.1'] as const

const jars = await Promise.all(RELEASES.map(messageDefinitions)).catch((error: unknown) => String(error))
const [missing, read] = typeof jars === 'string' ? [jars, []] : [null, jars]
const names = Object.keys(APIS) as ApiName[]

function definitionsOf(file: string): Definition[] {
  return read.flatMap((files) => {
    const text = files.get(file)
    return text === undefined ? [] : [parseDefinition(text)]
  })
}

/**
 * Every request and answer, in every version, against the definitions that Kafka's own client is
 * generated from.
 */
describe.skipIf(missing !== null)(`the tables and kafka-clients ${RELEASES.join(' and ')}`, () => {
  it.each(names)('%s', (name) => {
    const api = APIS[name]
    for (const [file, table] of [
      [`${name}Request`, api.request],
      [`${name}Response`, api.response],
    ] as const) {
      const definitions = definitionsOf(file)
      for (let version = api.min; version <= api.max; version += 1) {
        const valid = definitions.filter(({ validVersions }) => inRange(validVersions, version))
        expect(valid.length, `${file} ${version} exists`).toBeGreaterThan(0)
        for (const definition of valid) {
          expect(definition.apiKey, file).toBe(api.key)
          expect(inRange(definition.flexibleVersions, version), `${file} ${version} is flexible`).toBe(
            api.flexibleFrom !== null && version >= api.flexibleFrom,
          )
          expect([file, version, linesOfTable(table, version)]).toEqual([
            file,
            version,
            linesOfDefinition(definition, version),
          ])
        }
      }
    }
  })
})

const records = await recordDefinitions('4.1.0').catch((error: unknown) => String(error))

/**
 * The records of coordinators, against the definitions that Kafka's own coordinators are generated
 * from.
 */
describe.skipIf(typeof records === 'string')('the records of internal topics and Kafka 4.1.0', () => {
  const files: ReadonlyMap<string, string> = typeof records === 'string' ? new Map() : records
  const schemas: readonly [string, StateRecordSchema][] = Object.entries({
    ...OFFSETS_RECORDS,
    ...TRANSACTION_RECORDS,
  })
  it.each(schemas)('%s', (name, { type, key, value, max, flexibleFrom }) => {
    const keys = parseDefinition(files.get(`${name}Key`) ?? '')
    const values = parseDefinition(files.get(`${name}Value`) ?? '')
    expect([keys.apiKey, values.apiKey]).toEqual([type, type])
    expect(linesOfTable(key, 0)).toEqual(linesOfDefinition(keys, 0))
    expect(inRange(values.validVersions, max) && !inRange(values.validVersions, max + 1)).toBe(true)
    for (let version = 0; version <= max; version += 1) {
      expect(inRange(values.flexibleVersions, version)).toBe(version >= flexibleFrom)
      expect(linesOfTable(value, version)).toEqual(linesOfDefinition(values, version))
    }
  })
})

it('says so where the definitions could not be read', (context) => {
  if (missing !== null) context.skip(`not compared: ${missing}`)
  if (typeof records === 'string') context.skip(`not compared: ${records}`)
  expect(definitionsOf('FetchRequest')).toHaveLength(RELEASES.length)
})
