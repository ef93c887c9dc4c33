import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { claim, readCounterexample, writeCounterexample } from './counterexample-file.ts'

const MADE = readCounterexample(
  path.resolve(import.meta.dirname, '../../scenarios/field/f03-outbox-relays.json'),
)
const folder = (): string => mkdtempSync(path.join(tmpdir(), 'onceover-'))
const of = (file: string): typeof MADE => ({ ...MADE, scenario: { ...MADE.scenario, file } })

it('scenarios of one name in two files keep a file each, and write over their own only', () => {
  const out = folder()
  const [first, second] = [of('../a.ts'), of('../b.ts')]
  const files = [first, second, first, second].map((each) => writeCounterexample(out, each))
  expect(new Set(files).size).toBe(2)
  expect(files.slice(2)).toEqual(files.slice(0, 2))
  expect(files.map((file) => readCounterexample(file).scenario.file)).toEqual([
    '../a.ts',
    '../b.ts',
    '../a.ts',
    '../b.ts',
  ])
  expect(readdirSync(out)).toHaveLength(2)
})

it('of two processes that write the same file at once, the second takes the next number', () => {
  const out = folder()
  const file = path.join(out, 'x.json')
  expect(claim(file, 'first')).toBe(true)
  expect(claim(file, 'second')).toBe(false)
  expect(readFileSync(file, 'utf8')).toBe('first')
  expect(readdirSync(out)).toEqual(['x.json'])
})

it('what a process left that was killed while it wrote is taken away, by and by', () => {
  const out = folder()
  const file = writeCounterexample(out, MADE)
  const left = [`${file}.77.tmp`, `${file}.77.claim.tmp.77.tmp`]
  const others = [
    `${file}.78.tmp`,
    `${file}.77.tmp.json`,
    `${file}.old.77.tmp`,
    path.join(out, 'report.77.tmp'),
  ]
  for (const each of [...left, ...others]) writeFileSync(each, '')
  for (const each of [...left, ...others.slice(1)]) utimesSync(each, 0, 0)
  expect(writeCounterexample(out, MADE)).toBe(file)
  expect(readdirSync(out).toSorted()).toEqual([file, ...others].map((each) => path.basename(each)).toSorted())
})

const REFUSED = {
  kind: 'request-error',
  target: 'consumer-0 OffsetCommit#1',
  at: { event: 'consumer-0 OffsetCommit#1 sent' },
  error: 'NOT_COORDINATOR',
}
const FAULT = { target: 'consumer-0', at: { atMs: 1 } }

it.each([
  ['consumers without end', 'workload.consumers', { consumers: 1e9 }],
  ['brokers without end', 'workload.brokers', { brokers: 1e6 }],
  ['partitions without end', 'workload.topics.t.partitions', topic({ partitions: 1e9 })],
  [
    'an offset beyond 63 bits',
    'workload.topics.t.startOffset',
    topic({ startOffset: '9999999999999999999' }),
  ],
  ['an offset that is no number', 'workload.topics.t.startOffset', topic({ startOffset: 'x' })],
  [
    'more records than a scenario may have',
    'workload.records',
    { records: Array(100_001).fill(recordAt(0)) },
  ],
  ['a record at no time at all', 'workload.records.0.atMs', { records: [recordAt(1e300)] }],
  [
    'more faults than any search draws',
    'faults',
    Array(1_001).fill({ ...FAULT, kind: 'crash', restartMs: 1 }),
  ],
  ['partitions added without end', 'faults.0.count', [{ ...FAULT, kind: 'partitions-added', count: 1e9 }]],
  ['requests that are refused for ever', 'faults.0.times', [{ ...REFUSED, times: 'always' }]],
  [
    'a clock that jumps for ever',
    'faults.0.byMs',
    [{ ...FAULT, kind: 'clock-jump', byMs: -1e300, durationMs: 1 }],
  ],
])('a replay file with %s is refused by the name of the field', (_what, field, change) => {
  const file = path.join(folder(), 'x.json')
  const { schedule } = MADE
  const changed = Array.isArray(change)
    ? { ...schedule, faults: change }
    : { ...schedule, workload: { ...schedule.workload, ...change } }
  writeFileSync(file, JSON.stringify({ ...MADE, schedule: changed }))
  expect(() => readCounterexample(file)).toThrow(`schedule.${field}`)
})

it('a replay file may refuse requests until the client gives up', () => {
  const file = path.join(folder(), 'x.json')
  const faults = [{ ...REFUSED, times: 'until-given-up' }]
  writeFileSync(file, JSON.stringify({ ...MADE, schedule: { ...MADE.schedule, faults } }))
  expect(readCounterexample(file).schedule.faults).toEqual(faults)
})

function topic(more: object): object {
  return { topics: { t: { partitions: 1, startOffset: '0', ...more } } }
}

function recordAt(atMs: number): object {
  return { topic: 't', partition: 0, key: null, value: 'a', atMs }
}
