import { expect, it } from 'vitest'
import { atLeastOnce } from '../../properties/index.ts'
import { durationsOf, outages, restarts } from '../core/faults/durations.ts'
import type { Scenario } from '../core/scenario.ts'
import { expiriesOf } from './expiries.ts'

const PLAIN: Scenario = {
  name: 'orders',
  topics: { orders: { partitions: 1 } },
  records: { orders: 1 },
  app: () => {},
  guarantee: atLeastOnce(),
}
const FOREVER = { 'log.retention.ms': -1, 'log.retention.check.interval.ms': 1 }
const TIMINGS = {
  ...{ sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000, heartbeatIntervalMs: 3_000 },
  ...{ requestTimeoutMs: 30_000, retriesMs: 9_300 },
}

it('what expires is what the scenario names: the defaults of brokers are longer than any outage', () => {
  expect(expiriesOf(PLAIN)).toEqual([])
  expect(
    expiriesOf({
      ...PLAIN,
      topics: { orders: { partitions: 1, configs: { 'retention.ms': '60000' } } },
      broker: { 'offsets.retention.minutes': 10, 'offsets.retention.check.interval.ms': 60_000 },
      expiriesMs: [90_000],
    }),
  ).toEqual([90_000, 360_000, 660_000])
  // Of two that are as long one is enough, and what is kept for ever does not expire.
  expect(expiriesOf({ ...PLAIN, expiriesMs: [5_000, 5_000], broker: FOREVER })).toEqual([5_000])
})

it('outages and restarts outlast each, by a tenth, behind those that a session decides', () => {
  const durations = durationsOf(TIMINGS, [90_000, 600_000])
  expect(outages(durations)).toEqual([10_000, 45_000, 99_000, 660_000])
  expect(restarts(durations)).toEqual([1_000, 100, 40_000, 99_000, 660_000])
  expect(outages(durationsOf(TIMINGS))).toEqual([10_000, 45_000])
})
