import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import type { DrawnRecords, RecordInput, Scenario } from '../core/scenario.ts'
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
    expect(() => scenarioOf({ count: 0, each: fc.record({ value: fc.string() }) })).toThrow(/has no records/)
  })
})
