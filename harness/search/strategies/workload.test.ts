import { expect, it } from 'vitest'
import { createStream } from '../../core/seed.ts'
import { fakeScenario } from '../testing/fake-scenario.ts'
import { spread } from './workload.ts'

it('records that have a time of their own come no earlier than that', () => {
  const workload = fakeScenario().workload('a')
  const records = workload.records.map((record) => ({ ...record, atMs: 30_000 }))
  const schedule = { seed: 'a', workload: { ...workload, records }, faults: [], holds: [] }
  const times = spread(createStream('spread'), schedule).workload.records.map(({ atMs }) => atMs)
  expect(Math.min(...times)).toBeGreaterThanOrEqual(30_000)
  expect(new Set(times).size).toBeGreaterThan(1)
})
