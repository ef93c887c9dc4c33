import { expect, it } from 'vitest'
import type { Schedule } from '../core/schedule.ts'
import { removals, withoutPartition, withoutRecords } from './shrink-moves.ts'
import { fakeWorkload } from './testing/fake-scenario.ts'

/** Records 0, 2 and 4 are orders/0@0 to @2, the others orders/1@0 to @2. */
const SCHEDULE: Schedule = {
  seed: 'a',
  workload: { ...fakeWorkload({}), committed: { billing: { 'orders/0': '2', 'orders/1': '1' } } },
  faults: [],
  holds: [],
}

function committedIn(schedules: readonly Schedule[]): unknown[] {
  return schedules.map(({ workload }) => workload.committed?.['billing'])
}

it('what a group had committed goes down by the records that go below it', () => {
  const gone = (...indexes: number[]): unknown[] => committedIn(withoutRecords(SCHEDULE, new Set(indexes)))
  expect(gone(0)).toEqual([{ 'orders/0': '1', 'orders/1': '1' }])
  expect(gone(4, 5)).toEqual([{ 'orders/0': '2', 'orders/1': '1' }])
  expect(gone(0, 1, 2, 3)).toEqual([{ 'orders/0': '0', 'orders/1': '0' }])
})

it('what a group had committed of a partition goes with it, and the others are renumbered', () => {
  expect(
    new Set(committedIn(withoutPartition(SCHEDULE, 'orders')).map((each) => JSON.stringify(each))),
  ).toEqual(new Set(['{"orders/0":"2"}', '{"orders/0":"1"}']))
})

it('a group can be new instead', () => {
  const ways = removals(SCHEDULE).flatMap(({ what, ways }) => (what === 'group' ? ways() : []))
  expect(ways.map(({ workload }) => 'committed' in workload)).toEqual([false])
})
