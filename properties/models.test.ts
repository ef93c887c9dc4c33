import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../harness/core/errors.ts'
import { PROPERTY_NAMES } from '../harness/core/verdict.ts'
import { atLeastOnce, atMostOnce, describeModel, exactlyOnce, MODELS, standing } from './models.ts'
import { PROPERTIES } from './verdict.ts'

test('there is a checker for each property, in the order of their names', () => {
  expect(PROPERTIES.map(({ name }) => name)).toEqual([...PROPERTY_NAMES])
})

const NOTED = [
  'commit-regression',
  'commit-unowned',
  'two-owners',
  'zombie-effect',
  'position-jump',
  'wrong-resume',
]
const PROGRESS = ['stuck-partition', 'dead-consumer', 'rebalance-storm', 'hot-loop', 'shutdown-hang']
const OWN = ['assertion-failed', 'invariant-broken', 'measure-exceeded']

test.each([
  [
    atMostOnce(),
    {
      'allowed under faults': ['lost-record', 'crashes-unprovoked'],
      forbidden: ['duplicate-effect', ...PROGRESS, ...OWN],
      allowed: ['commit-ahead'],
      noted: NOTED,
    },
  ],
  [
    atLeastOnce(),
    {
      forbidden: ['lost-record', 'commit-ahead', ...PROGRESS, ...OWN],
      'allowed under faults': ['duplicate-effect', 'crashes-unprovoked'],
      noted: NOTED,
    },
  ],
  [
    exactlyOnce(),
    {
      forbidden: [
        'lost-record',
        'duplicate-effect',
        'commit-ahead',
        'aborted-read',
        'torn-transaction',
        ...PROGRESS,
        ...OWN,
      ],
      'allowed under faults': ['crashes-unprovoked'],
      noted: NOTED,
    },
  ],
])('what $model says of each property', (guarantee, expected) => {
  const { 'not checked': _, ...said } = Object.groupBy(PROPERTY_NAMES, (name) => standing(guarantee, name))
  expect(said).toEqual(expected)
})

test('claims make forbidden what is otherwise not checked', () => {
  expect(standing(atLeastOnce({ order: 'key' }), 'out-of-order')).toBe('forbidden')
  expect(standing(atLeastOnce({ order: 'none' }), 'out-of-order')).toBe('not checked')
  expect(standing(atMostOnce({ inFlightMax: 1 }), 'unbounded-buffer')).toBe('forbidden')
  expect(standing(exactlyOnce({ deadLetter: 'x' }), 'dead-letter-lost')).toBe('forbidden')
})

test('strict forbids what is noted, and nothing that is allowed', () => {
  expect(standing(atLeastOnce({ strict: true }), 'commit-regression')).toBe('forbidden')
  expect(standing(atLeastOnce({ strict: true }), 'duplicate-effect')).toBe('allowed under faults')
  expect(standing(atMostOnce({ strict: true }), 'commit-ahead')).toBe('allowed')
})

test('allow goes before everything else', () => {
  expect(standing(atLeastOnce({ allow: ['lost-record'] }), 'lost-record')).toBe('noted')
  expect(standing(atLeastOnce({ allow: ['zombie-effect'], strict: true }), 'zombie-effect')).toBe('noted')
  expect(standing(atLeastOnce({ allow: ['out-of-order'] }), 'out-of-order')).toBe('not checked')
})

test('a guarantee is plain data', () => {
  expect(atLeastOnce({ order: 'key', inFlightMax: 100 })).toEqual({
    model: 'at-least-once',
    options: { order: 'key', inFlightMax: 100 },
  })
  expect(exactlyOnce()).toEqual({ model: 'exactly-once', options: {} })
})

describe('wrong options are told in one sentence', () => {
  test.each([
    [{ ordr: 'key' }, "atLeastOnce() has no option 'ordr'; did you mean 'order'?"],
    [{ inflightMax: 3 }, "atLeastOnce() has no option 'inflightMax'; did you mean 'inFlightMax'?"],
    [
      { colour: 'red' },
      "atLeastOnce() has no option 'colour'; it knows order, inFlightMax, deadLetter, strict, allow, outputs, labels, shutdownMs, drainMs",
    ],
    [{ order: 'topic' }, "the option 'order' of atLeastOnce() must be 'partition', 'key' or 'none'"],
    [{ inFlightMax: 0 }, "the option 'inFlightMax' of atLeastOnce() must be a whole number above 0"],
    [{ deadLetter: '' }, "the option 'deadLetter' of atLeastOnce() must be the name of a topic"],
    [{ strict: 'yes' }, "the option 'strict' of atLeastOnce() must be true or false"],
    [
      { allow: ['lost-recrod'] },
      "the option 'allow' of atLeastOnce() must be a list of properties; 'lost-recrod' is none; did you mean 'lost-record'?",
    ],
    [
      { allow: 'lost-record' },
      "the option 'allow' of atLeastOnce() must be a list of properties, for example ['commit-regression']",
    ],
    [{ outputs: [] }, "the option 'outputs' of atLeastOnce() must be a list of topics"],
    [{ drainMs: -1 }, "the option 'drainMs' of atLeastOnce() must be a number above 0"],
    [{ shutdownMs: Number.NaN }, "the option 'shutdownMs' of atLeastOnce() must be a number above 0"],
    ['strict', 'atLeastOnce() takes an object of options, or nothing'],
    [{ toString: 1 }, /has no option 'toString'/],
  ])('%j', (options, message) => {
    const make = (): unknown => atLeastOnce(options as object)
    expect(make).toThrow(UsageError)
    expect(make).toThrow(message)
  })
})

test('the README shows the table as it is', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
  const rows = describeModel().map(
    ({ property, standings }) =>
      `| [${property}](#${property}) | ${MODELS.map((model) => standings[model]).join(' | ')} |`,
  )
  const table = ['| | at most once | at least once | exactly once |', '|---|---|---|---|', ...rows].join('\n')
  expect(readme).toContain(table)
})

test('the README has a paragraph on each property', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8')
  for (const name of PROPERTY_NAMES) expect(readme).toMatch(new RegExp(`\n### ${name}\n\n\\S`))
})
