import { describe, expect, it } from 'vitest'
import { UsageError } from '../../core/errors.ts'
import { createWorld } from '../probe/world.ts'
import { parseDefinition } from '../wire/definitions/canonical.ts'
import { messageDefinitions } from '../wire/definitions/jar.ts'
import { APIS, type ApiName } from '../wire/index.ts'
import { RELEASES, type Release } from './releases.ts'

const JARS: Readonly<Record<Release, string>> = { '2.4': '2.4.1', '3.9': '3.9.1', '4.1': '4.1.0' }

function versions(setting: string, broker = 0): Map<number, [number, number]> {
  const world = createWorld({ brokers: 2, settings: { 'onceover.release': setting } })
  const { answer } = world.connect('client', broker).call('ApiVersions', 2, {})
  return new Map(answer.apiKeys.map((each) => [each.apiKey, [each.minVersion, each.maxVersion]]))
}

describe('a broker of a release', () => {
  it.each(Object.keys(RELEASES) as Release[])(
    '%s lists no version that the release does not know',
    (release) => {
      for (const [key, [min, max]] of versions(release)) {
        const [name] = Object.entries(APIS).find(([, api]) => api.key === key) ?? []
        const [least, greatest] = RELEASES[release][name as ApiName] ?? [1, 0]
        // Kafka 4 names versions of Produce that it does not serve (KAFKA-18659).
        const named = release === '4.1' && name === 'Produce' ? 0 : least
        expect([name, min >= named, max <= greatest]).toEqual([name, true, true])
      }
    },
  )

  it('2.4 knows neither flexible fetches nor consumer groups, 4.1 does (T7)', () => {
    expect(versions('2.4').get(1)).toEqual([4, 11])
    expect(versions('2.4').has(68)).toBe(false)
    expect(versions('4.1').has(68)).toBe(true)
    expect(versions('4.1').get(8)?.[0]).toBe(2)
  })

  it('closes the connection on a version that its release has dropped, or does not know yet (T6)', () => {
    const world = createWorld({ settings: { 'onceover.release': '4.1' } })
    const old = world.connect()
    old.call('OffsetFetch', 0, { groupId: 'g', topics: [] })
    expect(old.ended).toBe('closed')
    const early = createWorld({ settings: { 'onceover.release': '2.4' } }).connect()
    early.call('Metadata', 10, { topics: [] })
    expect(early.ended).toBe('closed')
  })

  it('stands beside brokers of other releases', () => {
    expect(versions('2.4,4.1', 0).get(3)?.[1]).toBe(9)
    expect(versions('2.4,4.1', 1).get(3)?.[1]).toBe(13)
  })

  it('has to be one that is known', () => {
    expect(() => createWorld({ settings: { 'onceover.release': '1.0' } })).toThrow(UsageError)
    expect(() => createWorld({ settings: { 'onceover.release': '1.0' } })).toThrow(
      "there is no release '1.0'; onceover.release takes 2.4, 3.9 or 4.1, or a list with one for each broker",
    )
  })
})

const jars = await Promise.all(Object.values(JARS).map(messageDefinitions)).catch((error: unknown) =>
  String(error),
)

describe.skipIf(typeof jars === 'string')('the table and the definitions in the releases', () => {
  const files = typeof jars === 'string' ? [] : jars
  it.each(Object.keys(JARS) as Release[])('%s', (release) => {
    const definitions = files[Object.keys(JARS).indexOf(release)]
    for (const [name, [min, max]] of Object.entries(RELEASES[release])) {
      const definition = parseDefinition(definitions?.get(`${name}Request`) ?? '{}')
      const [from = 0, to = from] = definition.validVersions.split('-').map(Number)
      expect([name, min, max]).toEqual([name, from, definition.latestVersionUnstable === true ? to - 1 : to])
    }
  })
})
