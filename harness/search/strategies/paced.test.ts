import { expect, it } from 'vitest'
import { fakeScenario } from '../testing/fake-scenario.ts'
import { paced } from './paced.ts'

/** Milliseconds at which records of one partition come, of which there are so many. */
function timesOf(count: number): readonly number[] {
  const workload = fakeScenario().workload('a')
  const [record] = workload.records
  if (record === undefined) throw new Error('the workload has no record')
  const records = Array.from({ length: count }, () => record)
  const schedule = { seed: 'a', workload: { ...workload, records }, faults: [], holds: [] }
  return paced(schedule).workload.records.map(({ atMs }) => atMs - record.atMs)
}

it('records come later and later, the last after a session, the first two of many at once', () => {
  expect(timesOf(1)).toEqual([0])
  expect(timesOf(2)).toEqual([0, 60_000])
  expect(timesOf(3)).toEqual([0, 6_800, 60_000])
  expect(timesOf(4)).toEqual([0, 0, 6_800, 60_000])
})
