import { describe, expect, it } from 'vitest'
import { exactlyOnce } from './models.ts'
import { sentences, type TestSetting } from './testing/check.ts'

const setting: TestSetting = {
  consumed: ['a:orders', 'b:orders'],
  identity: ({ value }) => (value ?? '').replace(' again', ''),
}

/** Three orders in `a`, and a mirror that has copied the first two of them. */
const MIRRORED = `
  topic a:orders partitions=1
  topic b:orders partitions=1
  append a:orders/0@0 value=x
  append a:orders/0@1 value=y
  append b:orders/0@0 value='x again' by=mirror-0
  append b:orders/0@1 value='y again' by=mirror-0`

/** The group `g` reads from `a`, and has done so many. */
const inA = (last: number): string => `
  consumer-0 start
  consumer-0 subscribes a:orders group=a:g
  consumer-0 owns a:orders/0 group=a:g
  consumer-0 processes a:orders/0@0..${last} group=a:g
  consumer-0 commits a:orders/0@${last + 1} group=a:g`

/** The group moves, and begins there. */
const inB = (offset: number, group = 'b:g'): string => `
  consumer-0 consumer-stop group=a:g
  operator-0 commits b:orders/0@${offset} group=${group}
  consumer-0 subscribes b:orders group=${group}
  consumer-0 owns b:orders/0 group=${group}`

const END = `
  drain
  end`

describe('a group that moves from one cluster to another', () => {
  it('has done the copies of what it did', () => {
    const history = `${MIRRORED}${inA(0)}${inB(1)}
      consumer-0 processes b:orders/0@1 group=b:g
      consumer-0 commits b:orders/0@2 group=b:g${END}`
    expect(sentences('commit-ahead', history, setting)).toEqual([])
    expect(sentences('lost-record', history, setting)).toEqual([])
    expect(sentences('stuck-partition', history, setting)).toEqual([])
    expect(sentences('dead-consumer', `${history}\n wait 60s\n end`, setting)).toEqual([])
  })

  it('loses what it passes over', () => {
    const history = `${MIRRORED}${inA(0)}${inB(2)}${END}`
    expect(sentences('lost-record', history, setting)).toEqual([
      'b:orders/0@1 was never processed: operator-0 had committed offset 2',
    ])
  })

  it('does twice what it reads again, as far as exactly once is claimed', () => {
    const history = `${MIRRORED}${inA(0)}${inB(0)}
      consumer-0 processes b:orders/0@0 group=b:g${END}`
    expect(sentences('duplicate-effect', history, { ...setting, guarantee: exactlyOnce() })).toEqual([
      'b:orders/0@0 is the same message as a:orders/0@0, and both were processed by consumer-0',
    ])
    expect(sentences('duplicate-effect', history, setting)).toEqual([])
  })

  it('is dead where it stops in one and does not go on in the other', () => {
    const history = `${MIRRORED}${inA(0)}
      consumer-0 consumer-stop group=a:g
      wait 60s${END}`
    expect(sentences('dead-consumer', history, setting)).toHaveLength(1)
  })
})

it('what another group did in the other cluster is no work of this one', () => {
  const history = `${MIRRORED}${inA(0)}${inB(1, 'b:h')}${END}`
  expect(sentences('lost-record', history, setting)).toHaveLength(1)
  const both = `${MIRRORED}${inA(0)}${inB(0, 'b:h')}
    consumer-0 processes b:orders/0@0 group=b:h${END}`
  expect(sentences('duplicate-effect', both, { ...setting, guarantee: exactlyOnce() })).toEqual([])
})

it('without an identity nobody knows a copy', () => {
  const history = `${MIRRORED}${inA(0)}${inB(1)}${END}`
  expect(sentences('lost-record', history, { consumed: ['a:orders', 'b:orders'] })).toHaveLength(1)
})
