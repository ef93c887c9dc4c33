import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { Arrivals, DrawnRecords, RecordInput, Scenario } from '../core/scenario.ts'
import type { Stream } from '../core/seed.ts'
import { arrivals, hotKeys, late } from './arrivals.ts'
import { defineScenario } from './define.ts'
import { drawnValues, drawWorkload } from './workload.ts'

const each = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  value: fc.nat(1_000).map((amount) => JSON.stringify({ amount })),
  headers: fc.record({ trace: fc.string({ maxLength: 8 }) }),
  atMs: fc.nat(5_000),
})

function scenarioOf(orders: DrawnRecords): Scenario {
  return defineScenario({
    name: 'orders',
    topics: { orders: { partitions: 3 } },
    records: { orders },
    app: () => {},
    guarantee: atLeastOnce(),
  })
}

const untimed = fc.record({ value: fc.nat(1_000).map(String) })

const timesOf = (orders: DrawnRecords): readonly number[] =>
  drawWorkload(scenarioOf(orders), 'a').records.map(({ atMs }) => atMs)

describe('records that are drawn from an arbitrary', () => {
  it('are the same for the same seed, and others for another', () => {
    const scenario = scenarioOf({ count: 20, each })
    expect(drawWorkload(scenario, 'a')).toEqual(drawWorkload(scenario, 'a'))
    expect(drawWorkload(scenario, 'a')).not.toEqual(drawWorkload(scenario, 'b'))
  })

  it('do not depend on how many come after them', () => {
    const first = drawnValues(scenarioOf({ count: 3, each }), 'a').map(({ record }) => record)
    const more = drawnValues(scenarioOf({ count: 9, each }), 'a').map(({ record }) => record)
    expect(more.slice(0, 3)).toEqual(first)
  })

  it('go to the partitions of their keys, and are appended in the order of their times', () => {
    const { records } = drawWorkload(scenarioOf({ count: 40, each }), 'a')
    const partitions = Map.groupBy(records, ({ key }) => key)
    expect(partitions.size).toBe(3)
    for (const group of partitions.values())
      expect(new Set(group.map(({ partition }) => partition)).size).toBe(1)
    expect(records.map(({ atMs }) => atMs)).toEqual(records.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
  })

  it('know plainer ones in their place, down to the plainest', () => {
    let [drawn] = drawnValues(scenarioOf({ count: 1, each }), 'a')
    for (let steps = 0; drawn !== undefined && steps < 50; steps += 1) {
      const [plainer] = drawn.plainer()
      if (plainer === undefined) break
      drawn = plainer
    }
    expect(drawn?.record).toMatchObject({ key: 'a', value: '{"amount":0}', headers: { trace: '' }, atMs: 0 })
  })

  it.each<[string, fc.Arbitrary<unknown>, RegExp]>([
    [
      'give what is no record',
      fc.record({ text: fc.string() }),
      /what records.orders of the scenario 'orders' returned has an unknown field '0.text'/,
    ],
    [
      'name a partition that is not there',
      fc.record({ value: fc.string(), partition: fc.constant(7) }),
      /has a record for orders\/7, but 'orders' has 3 partitions/,
    ],
    [
      'throw',
      fc.nat().map(() => {
        throw new Error('no luck')
      }),
      /records.orders of the scenario 'orders' threw Error: no luck; mend the function/,
    ],
  ])('are wrong use where they %s', (_, wrong, sentence) => {
    const scenario = scenarioOf({ count: 1, each: wrong as fc.Arbitrary<RecordInput> })
    expect(() => drawWorkload(scenario, 'a')).toThrow(sentence)
  })

  it('are wrong use where `each` is no arbitrary, or there are none at all', () => {
    const each = 'string' as unknown as fc.Arbitrary<RecordInput>
    expect(() => scenarioOf({ count: 3, each })).toThrow(
      /'records.orders.each'; it must be an arbitrary of fast-check/,
    )
    const at = 7 as unknown as Arrivals
    expect(() => scenarioOf({ count: 3, each: untimed, at })).toThrow(/'records.orders.at'.*milliseconds/)
    expect(() => scenarioOf({ count: 0, each: fc.record({ value: fc.string() }) })).toThrow(/has no records/)
  })
})

describe('records over time', () => {
  const bursts = arrivals([
    { perSecond: 100, forMs: 30 },
    { perSecond: 0, forMs: 10_000 },
  ])

  it('come when the scenario says, where they do not say so themselves', () => {
    const timed = fc.record({ value: fc.constant('x'), atMs: fc.constant(7) })
    expect(timesOf({ count: 5, each: untimed, at: bursts })).toEqual([0, 10, 20, 10_030, 10_040])
    expect(timesOf({ count: 2, each: timed, at: bursts })).toEqual([7, 7])
  })

  it('keep their times while their values are shrunk', () => {
    const drawn = drawnValues(scenarioOf({ count: 5, each: untimed, at: bursts }), 'a')
    const plainer = drawn.flatMap((each) => [...each.plainer()].map(({ record }) => record))
    expect(plainer.length).toBeGreaterThan(0)
    for (const { atMs } of plainer) expect([0, 10, 20, 10_030, 10_040]).toContain(atMs)
  })

  it('may be made by a function, which gets the number of each and chance of its own', () => {
    const key = hotKeys({ keys: 10, hotPercent: 80 })
    const each = (index: number, random: Stream): RecordInput => ({ key: key(random), value: `${index}` })
    const few = drawWorkload(scenarioOf({ count: 10, each }), 'a').records
    const { records } = drawWorkload(scenarioOf({ count: 200, each }), 'a')
    expect(records.slice(0, 10)).toEqual(few)
    expect(records.map(({ value }) => value)).toEqual(Array.from({ length: 200 }, (_, index) => `${index}`))
    const hot = records.filter((record) => record.key === 'key-0').length
    expect(hot).toBeGreaterThan(140)
    expect(hot).toBeLessThan(190)
  })

  it('are late now and then', () => {
    const at = late(arrivals([{ perSecond: 1, forMs: 1_000 }]), { oneIn: 4, byMs: 60_000 })
    const each = (index: number): RecordInput => ({ value: `${index}` })
    const { records } = drawWorkload(scenarioOf({ count: 40, each, at }), 'a')
    const delays = records.map(({ value, atMs }) => atMs - 1_000 * Number(value))
    expect(new Set(delays)).toEqual(new Set([0, 60_000]))
    expect(delays.filter((delay) => delay > 0).length).toBeLessThan(20)
  })

  it.each([
    ['arrivals: perSecond of phase 1 is -2', () => arrivals([{ perSecond: -2, forMs: 1_000 }])],
    ['arrivals: perSecond of phase 1 is Infinity', () => arrivals([{ perSecond: 1 / 0, forMs: 1 }])],
    [
      'arrivals: forMs of phase 2 is 0',
      () =>
        arrivals([
          { perSecond: 1, forMs: 1_000 },
          { perSecond: 1, forMs: 0 },
        ]),
    ],
    ['arrivals: records of phase 1 is 10000000', () => arrivals([{ perSecond: 10_000, forMs: 1_000_000 }])],
    ['late: oneIn is 0', () => late(() => 0, { oneIn: 0, byMs: 1 })],
    ['late: byMs is -1', () => late(() => 0, { oneIn: 2, byMs: -1 })],
    ['hotKeys: keys is 0', () => hotKeys({ keys: 0, hotPercent: 80 })],
    ['hotKeys: hotPercent is 180', () => hotKeys({ keys: 2, hotPercent: 180 })],
  ])('are wrong use where a number is out of range: %s', (text, made) => {
    expect(made).toThrow(`${text}; write a number from `)
  })

  it.each([
    ['late: oneIn is 2.5', () => late(() => 0, { oneIn: 2.5, byMs: 1 })],
    ['late: byMs is 0.5', () => late(() => 0, { oneIn: 2, byMs: 0.5 })],
    ['hotKeys: keys is 1.5', () => hotKeys({ keys: 1.5, hotPercent: 80 })],
    ['hotKeys: hotPercent is 0.5', () => hotKeys({ keys: 2, hotPercent: 0.5 })],
  ])('are wrong use where a number is not whole: %s', (text, made) => {
    expect(made).toThrow(`${text}; write a whole number from `)
  })

  it('are wrong use where none ever comes, or one comes at no time', () => {
    expect(() => arrivals([{ perSecond: 0, forMs: 1_000 }])).toThrow(/no record comes in any phase/)
    expect(() => timesOf({ count: 1, each: untimed, at: () => -1 })).toThrow(/atMs/)
  })
})
