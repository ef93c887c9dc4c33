import { describe, expect, it } from 'vitest'
import { APIS, type ApiName } from '../index.ts'
import { type Definition, inRange, linesOfDefinition, linesOfTable, parseDefinition } from './canonical.ts'
import { messageDefinitions } from './jar.ts'

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

/** Every request and answer, in every version, against the definitions that Kafka's own client is generated from. */
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

it('says so where the definitions could not be read', (context) => {
  if (missing !== null) context.skip(`not compared: ${missing}`)
  expect(definitionsOf('FetchRequest')).toHaveLength(RELEASES.length)
})
