import { expect, it } from 'vitest'
import { exactlyOnce } from './models.ts'
import { sentences, type TestSetting } from './testing/check.ts'

const setting: TestSetting = {
  consumed: ['a:orders'],
  guarantee: exactlyOnce({ outputs: ['b:orders'] }),
}

/** Two orders that look alike, and a mirror in whose handler of the second both are written. */
const ALIKE = `
  topic a:orders partitions=1
  topic b:orders partitions=1
  append a:orders/0@0 key=k value=x
  append a:orders/0@1 key=k value=x
  mirror-0 start
  mirror-0 subscribes a:orders group=a:mirror
  mirror-0 owns a:orders/0 group=a:mirror
  mirror-0 gets a:orders/0@0 group=a:mirror
  mirror-0 ends a:orders/0@0 group=a:mirror
  mirror-0 gets a:orders/0@1 group=a:mirror`

const duplicates = (writes: string): readonly string[] =>
  sentences('duplicate-effect', `${ALIKE}${writes}\n end`, setting)
const losses = (writes: string, committed = 2): readonly string[] =>
  sentences(
    'lost-record',
    `${ALIKE}${writes}
    mirror-0 commits a:orders/0@${committed} group=a:mirror
    drain
    end`,
    setting,
  )

const copy = (offset: number): string => `
  append b:orders/0@${offset} key=k value=x by=mirror-0`

it('a copy belongs to its original, and not to the record whose handler runs', () => {
  expect(duplicates(`${copy(0)}${copy(1)}`)).toEqual([])
  expect(losses(`${copy(0)}${copy(1)}`)).toEqual([])
})

it('one copy more than there are originals is a duplicate', () => {
  expect(duplicates(`${copy(0)}${copy(1)}${copy(2)}`)).toHaveLength(1)
})

it('a copy whose transaction is aborted leaves its original without one', () => {
  const inTransaction = (offset: number, outcome: string): string => `
    transaction began tx=7 by=mirror-0
    append b:orders/0@${offset} key=k value=x by=mirror-0 tx=7
    marker b:orders/0@${offset + 1} tx=7 ${outcome}
    transaction ${outcome === 'commit' ? 'committed' : 'aborted'} tx=7 by=mirror-0`
  const again = `${inTransaction(0, 'abort')}${inTransaction(2, 'commit')}`
  // The first of the two is committed, and the copy is its.
  expect(losses(again, 1)).toEqual([])
  expect(losses(again)).toHaveLength(1)
})
