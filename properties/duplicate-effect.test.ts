import { describe, expect, test } from 'vitest'
import { atLeastOnce, atMostOnce, exactlyOnce } from './models.ts'
import { see, sentences, type TestSetting, verdict } from './testing/check.ts'

const TWICE = `
  topic orders
  append orders/0@0
  consumer-0 start
  consumer-0 owns orders/0 gen=1
  consumer-0 processes orders/0@0
  consumer-1 start
  consumer-1 owns orders/0 gen=2
  consumer-1 processes orders/0@0`

test('duplicate-effect: a second owner processes the record again', () => {
  expect(sentences('duplicate-effect', TWICE)).toEqual([
    'orders/0@0 was processed twice: by consumer-0 and again by consumer-1',
  ])
})

test('duplicate-effect: the proof is the first delivery and both effects', () => {
  expect(see('duplicate-effect', TWICE)[0]?.events).toEqual([5, 6, 12])
})

test('duplicate-effect: the same process, before and after its restart', () => {
  const history = `
    consumer-0 start
    consumer-0 processes orders/0@0
    consumer-0 crash
    consumer-0 start
    consumer-0 processes orders/0@0`
  expect(sentences('duplicate-effect', history)).toEqual([
    'orders/0@0 was processed twice by consumer-0, before and after its restart',
  ])
})

test('duplicate-effect: a record is reported once, however often it is processed', () => {
  const history = `
    consumer-0 processes orders/0@0
    consumer-0 processes orders/0@0
    consumer-0 processes orders/0@0`
  expect(see('duplicate-effect', history)).toHaveLength(1)
})

test('duplicate-effect: silent about a redelivery without a second effect', () => {
  const history = `
    consumer-0 processes orders/0@0
    consumer-1 gets orders/0@0
    consumer-1 ends orders/0@0`
  expect(see('duplicate-effect', history)).toEqual([])
})

test('duplicate-effect: silent about an attempt that died half way', () => {
  const history = `
    consumer-0 gets orders/0@0
    consumer-0 crash
    consumer-1 processes orders/0@0`
  expect(see('duplicate-effect', history)).toEqual([])
})

test('duplicate-effect: silent about two different effects of one record', () => {
  const history = `
    consumer-0 effect orders/0@0 label=charge
    consumer-0 effect orders/0@0 label=mail`
  expect(see('duplicate-effect', history)).toEqual([])
})

test('duplicate-effect: silent about two groups, in two processes or in one', () => {
  const history = `
    consumer-0 owns orders/0 group=billing
    consumer-1 owns orders/0 group=mailing
    consumer-0 processes orders/0@0 group=billing
    consumer-1 processes orders/0@0 group=mailing
    consumer-2 owns orders/1 group=billing
    consumer-2 owns orders/1 group=mailing
    consumer-2 processes orders/1@0 group=billing
    consumer-2 processes orders/1@0 group=mailing
    consumer-2 gets orders/1@1 group=billing
    consumer-2 gets orders/1@1 group=mailing
    consumer-2 effect orders/1@1
    consumer-2 effect orders/1@1`
  expect(see('duplicate-effect', history)).toEqual([])
})

describe('duplicate-effect: two groups whose handlers of a record overlap in one process', () => {
  const overlapping = (more: string): string => `
    consumer-0 owns orders/0 group=audit
    consumer-0 owns orders/0 group=billing
    consumer-0 gets orders/0@0 group=audit
    consumer-0 gets orders/0@0 group=billing
    consumer-0 effect orders/0@0
    consumer-0 ends orders/0@0 group=billing
    consumer-0 effect orders/0@0${more}`

  test('the first effect is that of the handler which ended first', () => {
    expect(see('duplicate-effect', overlapping(''))).toEqual([])
  })

  test('one that a fault explains for either group is allowed', () => {
    const { violations } = verdict(
      `
    topic orders
    append orders/0@0
    consumer-0 owns orders/0 group=audit
    consumer-0 owns orders/0 group=billing
    consumer-0 gets orders/0@0 group=audit
    consumer-0 effect orders/0@0
    fault link-reset consumer-0~broker-0
    consumer-0 request OffsetCommit
    consumer-0 fails orders/0@0 group=audit
    consumer-0 gets orders/0@0 group=audit
    consumer-0 gets orders/0@0 group=billing
    consumer-0 effect orders/0@0
    consumer-0 ends orders/0@0 group=audit
    consumer-0 effect orders/0@0`,
      { guarantee: atLeastOnce() },
    )
    expect(violations.filter(({ property }) => property === 'duplicate-effect')).toEqual([])
  })

  test('one that may be of a group in which another process was first is allowed, as that is', () => {
    const both = (first: string): string => `
    topic orders
    fault pause consumer-0
    heals 0
    consumer-0 owns orders/0 group=billing
    consumer-1 owns orders/0 group=audit
    consumer-1 owns orders/0 group=billing
    append orders/0@0
    ${first}
    consumer-1 gets orders/0@0 group=audit
    consumer-1 gets orders/0@0 group=billing
    consumer-1 effect orders/0@0
    consumer-1 effect orders/0@0`
    const allowed = both('consumer-0 processes orders/0@0 group=billing')
    expect(sentences('duplicate-effect', allowed, { guarantee: atLeastOnce() })).toEqual([
      'orders/0@0 was processed twice: by consumer-0 and again by consumer-1',
    ])
    const { violations } = verdict(allowed, { guarantee: atLeastOnce() })
    expect(violations).toEqual([])
    expect(see('duplicate-effect', both(''), { guarantee: atLeastOnce() })).toEqual([])
  })

  test('a third effect is one too many', () => {
    const third = `
    consumer-0 effect orders/0@0`
    expect(see('duplicate-effect', overlapping(third))).toHaveLength(1)
  })
})

describe('duplicate-effect: what explains it under at least once', () => {
  const guarantee = atLeastOnce()
  const between = (before: string, after: string): string => `
    topic orders
    append orders/0@0
    ${before}
    consumer-0 owns orders/0 gen=1
    consumer-0 processes orders/0@0
    ${after}
    consumer-1 processes orders/0@0`

  test.each([
    ['a crash after the delivery', '', 'fault crash consumer-0'],
    ['a fault that still acts', 'fault link-cut consumer-0~broker-0 durationMs=1000', ''],
    ['a fault that waits for its request', 'fault answer-lost consumer-0+OffsetCommit#1', ''],
    ['a rebalance in the wake of a join', 'fault join consumer-1', 'rebalance'],
    [
      'a failed handler in the wake of a reset',
      'fault link-reset consumer-0~broker-0',
      'consumer-0 fails orders/0@0',
    ],
    ['a lost request in the wake of a reset', 'fault link-reset a~b', 'consumer-0 request OffsetCommit'],
    [
      'a restart in the wake of a fault that has healed',
      `fault pause consumer-0 durationMs=1000
       heals 0`,
      'consumer-0 crash',
    ],
  ])('%s', (_, before, after) => {
    const [finding] = see('duplicate-effect', between(before, after))
    expect(finding?.explained).toBe(true)
    expect(verdict(between(before, after), { guarantee }).violations).toEqual([])
  })

  test.each([
    ['no fault at all', '', ''],
    ['a rebalance without any fault', '', 'rebalance'],
    ["the consumer's own crash", '', 'consumer-0 crash'],
    ['the expulsion of a consumer whose handler is slow', '', 'consumer-0 expelled'],
  ])('not %s', (_, before, after) => {
    const { violations } = verdict(between(before, after), { guarantee })
    expect(violations.map(({ property }) => property)).toEqual(['duplicate-effect'])
  })
})

describe('duplicate-effect: without any fault, under at least once', () => {
  const found = (newcomer: string): readonly string[] =>
    verdict(
      `
    topic orders
    append orders/0@0
    consumer-0 owns orders/0 gen=1
    consumer-1 owns orders/1 gen=1
    consumer-0 processes orders/0@0
    ${newcomer} owns orders/0 gen=2
    ${newcomer} processes orders/0@0`,
      { guarantee: atLeastOnce() },
    ).violations.map(({ property }) => property)

  test('a process that is new in the group explains what it does again', () => {
    expect(found('consumer-2')).toEqual([])
  })

  test.each(['consumer-0', 'consumer-1'])('one that was in the group before does not: %s', (process) => {
    expect(found(process)).toEqual(['duplicate-effect'])
  })

  test.each([
    ['counts a new process in', 'consumer-0,consumer-1', []],
    ['counts its first process', 'consumer-0', ['duplicate-effect']],
  ])('after the delivery the group %s', (_, members, expected) => {
    const history = `
      topic orders
      append orders/0@0
      consumer-0 processes orders/0@0
      generation 1 members=${members}
      consumer-0 processes orders/0@0`
    const { violations } = verdict(history, { guarantee: atLeastOnce() })
    expect(violations.map(({ property }) => property)).toEqual(expected)
  })

  test('exactly once is broken all the same', () => {
    const { violations } = verdict(TWICE, { guarantee: exactlyOnce() })
    expect(violations.map(({ property }) => property)).toContain('duplicate-effect')
  })
})

describe('duplicate-effect: a fault that had healed before the delivery and left nothing behind', () => {
  const twice = (second: string): string => `
    topic orders
    append orders/0@0
    fault pause consumer-0 durationMs=1000
    heals 0
    consumer-0 owns orders/0 gen=1
    consumer-0 processes orders/0@0
    ${second} processes orders/0@0`

  test('does not explain what one process does twice', () => {
    const { violations } = verdict(twice('consumer-0'), { guarantee: atLeastOnce() })
    expect(violations.map(({ property }) => property)).toEqual(['duplicate-effect'])
  })

  test.each([
    ['a batch that failed since, which explains it', 'batch-fails', []],
    ['a batch that ended well, which does not', 'batch-ends', ['duplicate-effect']],
    ['a handler that failed since, which explains it', 'fails', []],
    ['a handler that ended well, which does not', 'ends', ['duplicate-effect']],
  ])('unless there is %s', (_, verb, properties) => {
    const since = `
    consumer-0 ${verb.startsWith('batch') ? 'batch' : 'gets'} orders/0@0
    consumer-0 ${verb} orders/0@0
    consumer-0`
    const { violations } = verdict(twice(since.trimStart()), { guarantee: atLeastOnce() })
    expect(violations.map(({ property }) => property)).toEqual(properties)
  })

  test('explains what two processes do: one may have been cut off all the time', () => {
    expect(verdict(twice('consumer-1'), { guarantee: atLeastOnce() }).violations).toEqual([])
  })
})

test('duplicate-effect: at most once and exactly once forbid it under any fault, as it happens', () => {
  const history = `${TWICE}
    fault crash consumer-0`
  for (const guarantee of [atMostOnce(), exactlyOnce()]) {
    expect(verdict(history, { guarantee }).online?.property).toBe('duplicate-effect')
  }
})

describe('duplicate-effect: exactly once judged by outputs', () => {
  const guarantee = exactlyOnce({ outputs: ['totals'] })
  const attempt = (process: string, output: number, outcome: string): string => `
    ${process} gets orders/0@0
    append totals/0@${output} by=${process} tx=${output + 10}
    ${process} ends orders/0@0
    marker totals/0@${output + 1} tx=${output + 10} ${outcome}`
  const start = `
    topic orders
    topic totals
    append orders/0@0
    consumer-0 owns orders/0`

  test('an aborted first attempt is not seen', () => {
    const history = start + attempt('consumer-0', 0, 'abort') + attempt('consumer-1', 2, 'commit')
    expect(see('duplicate-effect', history, { guarantee })).toEqual([])
  })

  test('two committed attempts are', () => {
    const history = start + attempt('consumer-0', 0, 'commit') + attempt('consumer-1', 2, 'commit')
    expect(sentences('duplicate-effect', history, { guarantee })).toEqual([
      'orders/0@0 was processed twice: by consumer-0 and again by consumer-1',
    ])
  })
})

test('duplicate-effect: silent about a record that took the place of one that the cluster lost', () => {
  const history = `
    topic orders
    append orders/0@0..1
    consumer-0 start
    consumer-0 owns orders/0 gen=1
    consumer-0 processes orders/0@0..1
    truncated orders/0@1
    append orders/0@1
    consumer-0 processes orders/0@1`
  expect(see('duplicate-effect', history)).toEqual([])
})

const TIMES = `
  consumer-0 start
  consumer-0 gets orders/0@0
  consumer-0 effect orders/0@0 label=charged-at-1
  consumer-0 crash
  consumer-0 start
  consumer-0 gets orders/0@0
  consumer-0 effect orders/0@0 label=charged-at-2`

test('duplicate-effect: an effect whose label differs each time is the same one', () => {
  expect(sentences('duplicate-effect', TIMES, { effectsOfRecord: 'one' })).toEqual([
    "orders/0@0 was processed twice by consumer-0, before and after its restart (as 'charged-at-1' and as 'charged-at-2'; labels that are effects of their own are named: labels: ['charged', 'mailed'])",
  ])
  expect(see('duplicate-effect', TIMES, { effectsOfRecord: 'labelled' })).toEqual([])
})

test('duplicate-effect: of a label as long as a payload its beginning is told', () => {
  const long = TIMES.replace('charged-at-1', 'a'.repeat(500))
  const [told = ''] = sentences('duplicate-effect', long, { effectsOfRecord: 'one' })
  expect(told).toContain(`(as '${'a'.repeat(100)}…' and as 'charged-at-2'`)
})

test('duplicate-effect: labels that are named are effects of their own, all others are one', () => {
  const guarantee = exactlyOnce({ labels: ['charged-at-1', 'charged-at-2'] })
  expect(see('duplicate-effect', TIMES, { guarantee, effectsOfRecord: 'one' })).toEqual([])
  const others = exactlyOnce({ labels: ['mailed'] })
  expect(see('duplicate-effect', TIMES, { guarantee: others })).toHaveLength(1)
})

test('duplicate-effect: two effects that one handler calls differently are two', () => {
  const history = `
    consumer-0 gets orders/0@0
    consumer-0 effect orders/0@0 label=charged
    consumer-0 effect orders/0@0 label=refunded`
  expect(see('duplicate-effect', history, { effectsOfRecord: 'one' })).toEqual([])
})

test('duplicate-effect: rows are judged when all has come to rest, and not before', () => {
  const rows = `
    consumer-0 start
    consumer-0 effect orders/0@0 via=service
    consumer-0 effect orders/0@0 via=service`
  expect(see('duplicate-effect', rows)).toEqual([])
  expect(see('duplicate-effect', `${rows}\n    end`)).toHaveLength(1)
})

test('duplicate-effect: silent about an effect that was still for the record that was lost', () => {
  const history = `
    topic orders
    append orders/0@0
    consumer-0 owns orders/0
    consumer-0 gets orders/0@0
    truncated orders/0@0
    consumer-0 effect orders/0@0
    consumer-0 ends orders/0@0
    append orders/0@0
    consumer-0 processes orders/0@0`
  expect(see('duplicate-effect', history, { guarantee: exactlyOnce() })).toEqual([])
})

describe('duplicate-effect: a message that was sent twice', () => {
  const identity: TestSetting['identity'] = ({ value }) => value ?? ''
  const sent = `
    topic orders
    append orders/0@0 value=cart-1
    append orders/0@1 value=cart-2
    append orders/0@2 value=cart-1
    consumer-0 owns orders/0`
  const done = `${sent}
    consumer-0 processes orders/0@0..2`

  test('has two effects where both of its records have one', () => {
    expect(sentences('duplicate-effect', done, { guarantee: exactlyOnce(), identity })).toEqual([
      'orders/0@2 is the same message as orders/0@0, and both were processed by consumer-0',
    ])
  })

  test('is two records without an identity, and under at least once', () => {
    expect(see('duplicate-effect', done, { guarantee: exactlyOnce() })).toEqual([])
    expect(see('duplicate-effect', done, { guarantee: atLeastOnce(), identity })).toEqual([])
  })

  test('is no message that came to stand where one of its records was cut off', () => {
    const history = `
      topic orders
      append orders/0@0 value=cart-1
      append orders/0@1 value=cart-2
      truncated orders/0@1
      append orders/0@1 value=cart-3
      append orders/0@2 value=cart-2
      consumer-0 owns orders/0
      consumer-0 processes orders/0@0..2`
    const setting = { guarantee: exactlyOnce(), identity }
    expect(see('duplicate-effect', history, setting)).toEqual([])
    const sentAgain = `${history}\nappend orders/0@3 value=cart-2\nconsumer-0 processes orders/0@3`
    expect(see('duplicate-effect', sentAgain, setting)).toHaveLength(1)
  })

  test.each([
    ['one by one', 'gets', 'ends'],
    ['in batches', 'batch', 'batch-ends'],
  ])('has two effects, whatever they are called, in two calls of a handler: %s', (_, begins, ends) => {
    const call = (offset: number, label: string): string => `
      consumer-0 ${begins} orders/0@${offset}
      consumer-0 effect orders/0@${offset} label=${label}
      consumer-0 ${ends} orders/0@${offset}`
    const setting: TestSetting = { guarantee: exactlyOnce(), identity, effectsOfRecord: 'one' }
    const found = see('duplicate-effect', `${sent}${call(0, 'mailed')}${call(2, 'sent')}`, setting)
    expect(found.map(({ about }) => about?.records)).toEqual([['orders/0@2', 'orders/0@0']])
  })

  test.each([
    ['another message', 'value=cart-2'],
    ['a record without an identity', 'value=none'],
  ])('is not what stands where one of its records was lost: %s', (_, value) => {
    const history = `
      topic orders partitions=2
      append orders/0@0 value=cart-1
      append orders/1@0 value=cart-1
      truncated orders/0@0
      append orders/0@0 ${value}
      append orders/0@1 value=cart-1
      consumer-0 owns orders/0 orders/1
      consumer-0 processes orders/0@0..1`
    const guarantee = exactlyOnce()
    const some: TestSetting['identity'] = ({ value }) => {
      if (value === null || value === 'none') throw new TypeError('no cart')
      return value
    }
    expect(see('duplicate-effect', history, { guarantee, identity: some })).toEqual([])
    const both = `${history}\nconsumer-0 processes orders/1@0`
    expect(see('duplicate-effect', both, { guarantee, identity: some })).toHaveLength(1)
  })

  test('is one in each topic', () => {
    const elsewhere = done.replace('append orders/0@2', 'topic bills\n append bills/0@0')
    const billed = elsewhere.replace('@0..2', '@0..1\n consumer-0 processes bills/0@0')
    const setting = { guarantee: exactlyOnce(), identity, consumed: ['orders', 'bills'] }
    expect(see('duplicate-effect', billed, setting)).toEqual([])
  })
})
