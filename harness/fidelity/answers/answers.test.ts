import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../differential/broker.ts'
import { SimulatedTarget } from '../differential/target.ts'
import { compared, summaryOf } from './compare.ts'
import { differences } from './differences.ts'
import { playRequests } from './play.ts'
import { REASONS } from './reasons.ts'
import { RELEASES_ASKED, type ReleaseAsked, readRecorded } from './recorded.ts'
import { REQUESTS } from './requests/index.ts'

it('no two requests have the same name', () => {
  const names = REQUESTS.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})

const releases = Object.keys(RELEASES_ASKED) as ReleaseAsked[]
const all = await Promise.all(
  releases.map(async (release) => {
    const served = RELEASES_ASKED[release]
    const target = new SimulatedTarget({ ...SETTINGS, 'onceover.release': served })
    const simulated = await playRequests(REQUESTS, served, target)
    const real = readRecorded(release)
    return { release, simulated, real, ...compared({ requests: REQUESTS, release, simulated, real }) }
  }),
)

describe.each(all)('whole answers to administrative requests, as Kafka $release gave them', (seen) => {
  it(summaryOf(seen.release, seen), () => {
    const open = seen.differences.filter(({ reason }) => reason === null)
    const lines = open.map(
      ({ name, version, path, simulated, real }) =>
        `${name}, version ${version}, ${path}: ${simulated}, not ${real}`,
    )
    expect(lines).toEqual([])
  })

  it('every request that this release serves was recorded, in every version', () => {
    const missing = Object.entries(seen.simulated).flatMap(([name, answers]) =>
      Object.keys(answers)
        .filter((version) => seen.real[name]?.[version] === undefined)
        .map((version) => `${name} ${version}`),
    )
    expect(missing).toEqual([])
  })
})

it('every reason explains something', () => {
  const used = new Set(all.flatMap((seen) => seen.differences.map(({ reason }) => reason)))
  expect(REASONS.filter((reason) => !used.has(reason))).toEqual([])
})

describe('differences', () => {
  it('are told by where they stand', () => {
    const one = { topics: [{ name: 'a', configs: [{ name: 'x', value: 1 }] }], errorCode: 0 }
    const other = { topics: [{ name: 'a', configs: [{ name: 'x', value: 2 }] }], errorCode: 3 }
    expect(differences(one, other)).toEqual([
      { path: 'topics[0].configs[0].value', simulated: '1', real: '2' },
      { path: 'errorCode', simulated: '0', real: '3' },
    ])
  })

  it('null and the empty text are not the same', () => {
    expect(differences({ errorMessage: null }, { errorMessage: '' })).toEqual([
      { path: 'errorMessage', simulated: 'null', real: '""' },
    ])
  })

  it('elements with names are compared by them, also where one is missing', () => {
    const list = (...names: string[]) => names.map((name) => ({ name }))
    expect(differences(list('a', 'b', 'c'), list('a', 'c'))).toEqual([
      { path: 'b', simulated: '{"name":"b"}', real: 'nothing' },
    ])
  })
})
