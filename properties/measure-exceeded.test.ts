import { describe, expect, it } from 'vitest'
import { sentences, verdict } from './testing/check.ts'

const START = `topic orders
  consumer-0 start
  consumer-0 subscribes orders
  consumer-0 owns orders/0
`

function measured(text: string): unknown {
  return verdict(`${START}${text}`, { measures: {} }).measured
}

describe('figures of a run', () => {
  it('lag is what is to be done from the first such record on', () => {
    // @1 is done before @0: until then the group stands before both.
    const text = `append orders/0@0..1\nconsumer-0 processes orders/0@1\nappend orders/0@2
      consumer-0 processes orders/0@0\nconsumer-0 processes orders/0@2\nend`
    expect(measured(text)).toMatchObject({ lagMax: 3 })
  })

  it('a partition stands still from when there is something to do until some of it is done', () => {
    const text = `append orders/0@0..1\nwait 3s\nconsumer-0 processes orders/0@0\nwait 4s
      consumer-0 processes orders/0@1\nwait 60s\nend`
    // 4 s, and a millisecond for each event that lies between.
    expect(measured(text)).toMatchObject({ stoppedMsMax: 4_003 })
  })

  it('what is not done at the end has stood still until then', () => {
    expect(measured('append orders/0@0\nwait 7s\nend')).toMatchObject({ stoppedMsMax: 7_001 })
  })

  it('duplicates count for the fault that began last', () => {
    const text = `append orders/0@0..2\nconsumer-0 processes orders/0@0..2\nfault crash consumer-0
      consumer-0 effect orders/0@0..1\nfault pause consumer-0\nconsumer-0 effect orders/0@2\nend`
    expect(measured(text)).toMatchObject({ duplicatesMax: 2 })
  })

  it('recovery goes from the end of a fault until all is done that was there then', () => {
    const text = `append orders/0@0\nfault pause consumer-0\nwait 9s\nheals 0\nwait 2s\nappend orders/0@1
      consumer-0 processes orders/0@0\nwait 5s\nconsumer-0 processes orders/0@1\nend`
    expect(measured(text)).toMatchObject({ recoveryMsMax: 2_003 })
  })

  it('nobody asked for them', () => {
    expect(verdict(`${START}end`)).not.toHaveProperty('measured')
  })
})

describe('measure-exceeded', () => {
  const SLOW = `${START}append orders/0@0..4\nwait 6s\nconsumer-0 processes orders/0@0..4\nend`

  it.each([
    [{ stoppedMsMax: 5_000 }, ['the group g at orders/0 stood still for more than 5,000 ms']],
    [{ lagMax: 3 }, ['the group g at orders/0 had more than 3 records to do']],
    [{ lagMax: 5, stoppedMsMax: 7_000, duplicatesMax: 0, recoveryMsMax: 0 }, []],
  ])('%o', (measures, expected) => {
    expect(sentences('measure-exceeded', SLOW, { measures })).toEqual(expected)
  })

  it('the kind of the fault names the one that brought duplicates about', () => {
    const text = `${START}append orders/0@0\nconsumer-0 processes orders/0@0\nfault crash consumer-0
      consumer-0 effect orders/0@0\nend`
    expect(sentences('measure-exceeded', text, { measures: { duplicatesMax: 0 } })).toEqual([
      'crash brought about more than 0 duplicates',
    ])
  })
})
