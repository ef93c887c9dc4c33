import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { Scenario } from '../core/scenario.ts'
import { definedIn, defineScenario } from './define.ts'
import { drawWorkload } from './workload.ts'

const GOOD: Scenario = {
  name: 'x',
  topics: { orders: { partitions: 2 } },
  records: { orders: 3 },
  app: () => undefined,
  guarantee: atLeastOnce(),
}

function sentenceFor(input: unknown): string {
  try {
    defineScenario(input as Scenario)
    return 'accepted'
  } catch (error) {
    expect(error).toMatchObject({ name: 'UsageError', code: 'bad-scenario' })
    return (error as Error).message
  }
}

describe('a scenario that is right', () => {
  it('comes back frozen, and knows the file that defined it', () => {
    const scenario = defineScenario(GOOD)
    expect(scenario).toEqual(GOOD)
    expect(Object.isFrozen(scenario)).toBe(true)
    expect(definedIn(scenario)).toBe(import.meta.filename)
    // Checked again when it is prepared, elsewhere.
    expect(definedIn(defineScenario(scenario))).toBe(import.meta.filename)
    expect(definedIn(GOOD)).toBeNull()
  })

  it('may start its log beyond 2^53, with records of bytes, tombstones and headers', () => {
    const record = { key: Buffer.from([0xff]), value: null, headers: { trace: 'a' }, partition: 1, atMs: 5 }
    for (const startOffset of [2n ** 63n - 1_000_000n, 7, '9007199254740993'])
      expect(
        sentenceFor({
          ...GOOD,
          topics: { orders: { partitions: 2, startOffset } },
          records: { orders: [record] },
        }),
      ).toBe('accepted')
  })

  it('may name families and single kinds of faults', () => {
    expect(sentenceFor({ ...GOOD, faults: ['network', 'link-cut'] })).toBe('accepted')
  })
})

const { topics, ...WITHOUT_TOPICS } = GOOD

const CASES: readonly (readonly [string, unknown, string])[] = [
  [
    'nothing at all',
    undefined,
    'the scenario is undefined; write defineScenario({ name, topics, records, app, guarantee })',
  ],
  [
    'no name',
    { ...GOOD, name: '' },
    "the scenario has '' as 'name'; give it a name, such as name: 'orders consumer'",
  ],
  [
    'a misspelt field, which is a missing one too',
    { ...WITHOUT_TOPICS, topic: topics },
    "the scenario 'x' has an unknown field 'topic'; did you mean 'topics'?",
  ],
  [
    'a field that is like none',
    { ...GOOD, colour: 'red' },
    "the scenario 'x' has an unknown field 'colour'; it may have: name, topics, records, clusters, groups, brokers, broker, consumers, app, apps, guarantee, identity, effects, services, invariants, measures, restMs, expiriesMs, faults, env",
  ],
  [
    'a missing field',
    WITHOUT_TOPICS,
    "the scenario 'x' has no 'topics'; write topics: { orders: { partitions: 3 } }",
  ],
  [
    'a misspelt field of a topic',
    { ...GOOD, topics: { orders: { partition: 2 } } },
    "the scenario 'x' has an unknown field 'topics.orders.partition'; did you mean 'partitions'?",
  ],
  [
    'an offset below zero',
    { ...GOOD, topics: { orders: { partitions: 1, startOffset: -1n } } },
    "the scenario 'x' has -1n as 'topics.orders.startOffset'; it must be an offset from 0 to 2^63 - 1,000,000: a bigint, a whole number or a decimal string",
  ],
  [
    'an offset beyond 63 bits',
    { ...GOOD, topics: { orders: { partitions: 1, startOffset: '9223372036854775808' } } },
    "the scenario 'x' has '9223372036854775808' as 'topics.orders.startOffset'; it must be an offset from 0 to 2^63 - 1,000,000: a bigint, a whole number or a decimal string",
  ],
  [
    'a number as a value',
    { ...GOOD, records: { orders: [{ value: 'a' }, { value: 3 }] } },
    "the scenario 'x' has 3 as 'records.orders.1.value'; it must be a string or a Uint8Array, or null for a tombstone",
  ],
  [
    'a misspelt field of a record',
    { ...GOOD, records: { orders: [{ value: 'a', kye: 'b' }] } },
    "the scenario 'x' has an unknown field 'records.orders.0.kye'; did you mean 'key'?",
  ],
  [
    'records of a topic that is not there',
    { ...GOOD, records: { order: 3 } },
    "the scenario 'x' has records for the topic 'order', which is not in 'topics' (orders); add it there",
  ],
  ...['or ders', 'a/b', '..', 'x'.repeat(250), '__consumer_offsets'].map(
    (topic): readonly [string, unknown, string] => [
      `the topic ${topic}`,
      { ...GOOD, topics: { [topic]: { partitions: 1 } }, records: { [topic]: 1 } },
      `the scenario 'x' has a topic '${topic}', which no user of Kafka can make; use letters, digits, '.', '_' and '-', at most 249, and no name of an internal topic`,
    ],
  ),
  [
    'a record for a partition that is not there',
    { ...GOOD, records: { orders: [{ value: 'a', partition: 2 }] } },
    "the scenario 'x' has a record for orders/2, but 'orders' has 2 partitions, counted from 0",
  ],
  [
    'a million records, of several topics together',
    {
      ...GOOD,
      topics: { orders: { partitions: 1 }, refunds: { partitions: 1 } },
      records: { orders: 999_999, refunds: [{ value: 'a' }] },
    },
    "the scenario 'x' has 1,000,000 records, and at most 100,000 are possible, since every schedule works through all of them; a few dozen show what a million would",
  ],
  [
    'no records, with which every guarantee would hold',
    { ...GOOD, records: { orders: 0 } },
    "the scenario 'x' has no records, so that nothing can go wrong; write records: { orders: 30 }",
  ],
  [
    'too many brokers',
    { ...GOOD, brokers: 4 },
    "the scenario 'x' has 4 as 'brokers'; it must be a whole number from 1 to 3",
  ],
  [
    'a number in quotes',
    { ...GOOD, consumers: '2' },
    "the scenario 'x' has '2' as 'consumers'; it must be a whole number from 1 to 1,000",
  ],
  [
    'a misspelt fault',
    { ...GOOD, faults: ['crahs'] },
    "the scenario 'x' has 'crahs' as 'faults.0'; did you mean 'crash'?",
  ],
  [
    'a record that comes after the end of the world',
    { ...GOOD, records: { orders: [{ value: 'a', atMs: 1e15 }] } },
    "the scenario 'x' has 1000000000000000 as 'records.orders.0.atMs'; it must be a number of virtual milliseconds from 0 to 2,678,400,000 (31 days)",
  ],
  [
    'a guarantee made by hand, with a misspelt option',
    { ...GOOD, guarantee: { model: 'at-least-once', options: { ordre: 'key' } } },
    "atLeastOnce() has no option 'ordre'; did you mean 'order'?",
  ],
  [
    'a guarantee in quotes',
    { ...GOOD, guarantee: 'at-least-once' },
    "the scenario 'x' has 'at-least-once' as 'guarantee'; write guarantee: atLeastOnce(), atMostOnce() or exactlyOnce()",
  ],
  [
    'a guarantee that was not called',
    { ...GOOD, guarantee: atLeastOnce },
    "the scenario 'x' has a function as 'guarantee'; write guarantee: atLeastOnce(), atMostOnce() or exactlyOnce()",
  ],
  [
    'an app that is a path',
    { ...GOOD, app: './consumer.ts' },
    "the scenario 'x' has './consumer.ts' as 'app'; write app: async (context) => { … }, or app: { module: './consumer.ts' }",
  ],
  [
    'a misspelt module',
    { ...GOOD, app: { modul: './consumer.ts' } },
    "the scenario 'x' has an unknown field 'app.modul'; did you mean 'module'?",
  ],
]

describe('a scenario that is not: one sentence with the field, what was found, and what to write', () => {
  it.each(CASES)('%s', (_title, input, sentence) => {
    expect(sentenceFor(input)).toBe(sentence)
  })
})

/** The error sentence for a `records: { orders: make }` when a workload is drawn. */
function sentenceForMade(make: unknown): string {
  const scenario = defineScenario({ ...GOOD, records: { orders: make } } as Scenario)
  try {
    drawWorkload(scenario, 'seed')
    return 'accepted'
  } catch (error) {
    expect(error).toMatchObject({ name: 'UsageError', code: 'bad-scenario' })
    return (error as Error).message
  }
}

const WHAT = "what records.orders of the scenario 'x' returned"
const MADE: readonly (readonly [string, unknown, string])[] = [
  ['a list of records', () => [{ key: 'a', value: null }, { value: Buffer.from('b') }], 'accepted'],
  ['as many records as there may be', () => Array(100_000).fill({ value: 'a' }), 'accepted'],
  ['a number', () => 5, `${WHAT} is 5; it must be a list of { key, value }, such as [{ value: 'a' }]`],
  [
    'nothing',
    () => undefined,
    `${WHAT} is undefined; it must be a list of { key, value }, such as [{ value: 'a' }]`,
  ],
  [
    'a promise',
    async () => [],
    `${WHAT} is a promise; it must be a list of { key, value }, such as [{ value: 'a' }]`,
  ],
  [
    'a number as a value',
    () => [{ value: 'a' }, { value: 5 }],
    `${WHAT} has 5 as '1.value'; it must be a string or a Uint8Array, or null for a tombstone`,
  ],
  [
    'a record without a value',
    () => [{ key: 'a' }],
    `${WHAT} has no '0.value'; it must be a string or a Uint8Array, or null for a tombstone`,
  ],
  [
    'null as a record',
    () => [null],
    `${WHAT} has null as '0'; each record is { value, key?, headers?, partition?, atMs? }`,
  ],
  [
    'a misspelt field',
    () => [{ value: 'a', kye: 'b' }],
    `${WHAT} has an unknown field '0.kye'; did you mean 'key'?`,
  ],
  [
    'a header that is a number',
    () => [{ value: 'a', headers: { trace: 1 } }],
    `${WHAT} has 1 as '0.headers.trace'; it must be a string or a Uint8Array`,
  ],
  [
    'a partition that is not there',
    () => [{ value: 'a', partition: 9 }],
    "the scenario 'x' has a record for orders/9, but 'orders' has 2 partitions, counted from 0",
  ],
  [
    'nothing, because it throws',
    () => {
      throw new Error('no fixture')
    },
    "records.orders of the scenario 'x' threw Error: no fixture; mend the function",
  ],
]

describe('records that a function makes are checked as a list is', () => {
  it.each(MADE)('%s', (_title, make, sentence) => {
    expect(sentenceForMade(make)).toBe(sentence)
  })
})
