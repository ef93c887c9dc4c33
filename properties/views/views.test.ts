import { describe, expect, test } from 'vitest'
import type { TopicPartition } from '../../harness/core/history.ts'
import { settingOf, type TestSetting } from '../testing/check.ts'
import { historyOf } from '../testing/history.ts'
import { Views } from './views.ts'

const ORDERS: TopicPartition = { topic: 'orders', partition: 0 }

function viewsOf(text: string, setting: TestSetting = {}): Views {
  const views = new Views(settingOf(setting))
  for (const event of historyOf(text).events) views.observe(event)
  return views
}

describe('the committed offset', () => {
  const offset = (text: string): bigint | undefined => viewsOf(text).committed.of('g', ORDERS)?.offset

  test.each([
    ['is the last that was accepted', 'consumer-0 commits orders/0@3\nconsumer-0 commits orders/0@2', 2n],
    ['may be 0', 'consumer-0 commits orders/0@0', 0n],
    ['is none after a reset', 'consumer-0 commits orders/0@3\nconsumer-0 commits orders/0@-1', undefined],
    ['is none after it expired', 'consumer-0 commits orders/0@3\noffset-removed orders/0', undefined],
    ['is none after its topic is gone', 'consumer-0 commits orders/0@3\ndelete orders', undefined],
    ['is what an operator set last', 'consumer-0 commits orders/0@3\noffset-set orders/0@1', 1n],
    ["outlives another topic's end", 'consumer-0 commits orders/0@3\ndelete payments', 3n],
    ['waits for its transaction', 'consumer-0 commits orders/0@3 tx=7', undefined],
    [
      "waits for its own producer's transaction",
      'consumer-0 commits orders/0@3 tx=7\ntransaction committed tx=8 by=consumer-0',
      undefined,
    ],
    [
      'counts when its transaction is committed',
      'consumer-0 commits orders/0@3 tx=7\ntransaction committed tx=7 by=consumer-0',
      3n,
    ],
    [
      'is dropped with its transaction',
      'consumer-0 commits orders/0@3 tx=7\ntransaction aborted tx=7 by=consumer-0\ntransaction committed tx=7 by=consumer-0',
      undefined,
    ],
    [
      'counts when the marker reaches its group, before all others are written',
      'consumer-0 commits orders/0@3 tx=7\nmarker __consumer_offsets/1@4 tx=7 commit groups=g,h',
      3n,
    ],
    [
      'is dropped when an abort reaches its group',
      'consumer-0 commits orders/0@3 tx=7\nmarker __consumer_offsets/1@4 tx=7 abort groups=g\ntransaction committed tx=7',
      undefined,
    ],
    [
      'is not decided by markers of other groups and of other partitions',
      'consumer-0 commits orders/0@3 tx=7\nmarker __consumer_offsets/1@4 tx=7 commit groups=h\nmarker orders/0@1 tx=7 commit',
      undefined,
    ],
    [
      'stays where it was sent after an offset that is decided only now',
      'consumer-0 commits orders/0@3 tx=7\nconsumer-0 commits orders/0@2\nmarker __consumer_offsets/1@4 tx=7 commit groups=g',
      2n,
    ],
    [
      'is not decided by the beginning of a transaction',
      'consumer-0 commits orders/0@3 tx=7\ntransaction began tx=7 by=consumer-0',
      undefined,
    ],
  ])('%s', (_, text, expected) => {
    expect(offset(text)).toBe(expected)
  })

  test('without a producer id a transaction is its process', () => {
    const commit = (process: string): bigint | undefined =>
      offset(`consumer-0 commits orders/0@3 tx=none\ntransaction committed tx=7 by=${process}`)
    expect(commit('consumer-0')).toBe(3n)
    expect(commit('consumer-1')).toBe(undefined)
  })
})

describe('the log', () => {
  test('a partition that nobody announced begins with its first record', () => {
    const log = viewsOf('append orders/0@5..6').log.at(ORDERS)
    expect([log?.base, log?.end, log?.offset(1)]).toEqual([5n, 2, 6n])
  })

  test('a record below the first offset of a partition is our own mistake', () => {
    expect(() => viewsOf('append orders/0@5\nappend orders/0@4')).toThrow(
      'orders/0 got a record below its first offset',
    )
  })

  test('gaps, markers, aborted and deleted records do not count', () => {
    const log = viewsOf(`
      topic orders
      append orders/0@0
      append orders/0@2 tx=7
      marker orders/0@3 tx=7 abort
      append orders/0@4 tx=8
      append orders/0@5
      log-start orders/0@1`).log.at(ORDERS)
    expect([0, 1, 2, 3, 4, 5, 6].map((index) => log?.counts(index))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      false,
    ])
    expect([log?.next(0), log?.stableEnd]).toEqual([4, 4])
  })

  test('a log that was cut grows again', () => {
    const views = viewsOf(
      'topic orders\nappend orders/0@0..3\ntruncated orders/0@1\nappend orders/0@1 value=new',
    )
    expect(views.log.record({ ...ORDERS, offset: 1n })?.append.value).toBe('new')
    expect(views.log.at(ORDERS)?.end).toBe(2)
  })

  test('an open transaction that was cut off holds nothing back', () => {
    const log = viewsOf(
      'topic orders\nappend orders/0@0\nappend orders/0@1 tx=7\ntruncated orders/0@1\nappend orders/0@1',
    ).log
    expect(log.at(ORDERS)?.stableEnd).toBe(2)
  })

  test('a topic that is deleted and recreated begins empty', () => {
    expect(
      viewsOf('topic orders\nappend orders/0@0..3\ndelete orders\ntopic orders').log.at(ORDERS)?.end,
    ).toBe(0)
  })
})

describe('a handler whose record is another one by now', () => {
  const begun = 'topic orders\nappend orders/0@0..1\nconsumer-0 gets orders/0@1\ntruncated orders/0@1\n'
  const isOfOther = (text: string): boolean =>
    viewsOf(`${begun}${text}`).handlers.isOfOther({
      process: 'consumer-0',
      incarnation: 1,
      ...ORDERS,
      offset: 1n,
    })

  test('its record is lost, and there is nothing else: what it does may count yet', () => {
    expect(isOfOther('append orders/0@1 again=true')).toBe(false)
  })

  test('something else stands there: what it does is not about that', () => {
    expect(isOfOther('append orders/0@1')).toBe(true)
  })

  test.each(['consumer-0 crash', 'consumer-0 exit', 'consumer-0 fails orders/0@1'])(
    'what it had sent is not about that either, once it is over: %s',
    (over) => {
      expect(isOfOther(`append orders/0@1\n${over}`)).toBe(true)
      expect(isOfOther(`${over}\nappend orders/0@1`)).toBe(true)
      expect(isOfOther(over)).toBe(false)
    },
  )
})

describe('the group of an effect', () => {
  const groups = (text: string): readonly string[] => {
    const views = viewsOf(text)
    return views.handlers.groupsOf('consumer-0', { ...ORDERS, offset: 0n }, views.groups)
  }

  test.each([
    ['unknown', '', []],
    ['the only one of its process', 'consumer-0 joins group=a', ['a']],
    ['the one whose handler runs', 'consumer-0 joins group=a\nconsumer-0 gets orders/0@0 group=b', ['b']],
    [
      'the one whose handler of this record runs',
      'consumer-0 gets orders/0@1 group=a\nconsumer-0 gets orders/0@0 group=b',
      ['b'],
    ],
    [
      'those that consume the topic, where none runs',
      'consumer-0 subscribes orders group=a\nconsumer-0 subscribes payments group=b',
      ['a'],
    ],
    [
      'that of its own that consumes the topic, though another process has one too',
      'consumer-0 subscribes orders group=a\nconsumer-0 subscribes payments group=b\nconsumer-1 subscribes orders group=c',
      ['a'],
    ],
    [
      'those of others that consume the topic, where none of its own does',
      'consumer-0 subscribes payments group=b\nconsumer-1 subscribes orders group=c',
      ['c'],
    ],
    [
      'not one whose handler has ended',
      'consumer-0 gets orders/0@0 group=a\nconsumer-0 ends orders/0@0 group=a\nconsumer-0 gets orders/0@0 group=b',
      ['b'],
    ],
    [
      'not one whose process was restarted',
      'consumer-0 gets orders/0@0 group=a\nconsumer-0 start\nconsumer-0 gets orders/0@0 group=b',
      ['b'],
    ],
  ])('%s', (_, text, expected) => {
    expect(groups(text)).toEqual(expected)
  })

  test('an effect of a process without a group counts for every group', () => {
    const views = viewsOf(
      'topic orders\nappend orders/0@0\nconsumer-0 effect orders/0@0\nconsumer-1 owns orders/0',
    )
    const log = views.log.at(ORDERS)
    expect(log === undefined ? null : views.completions.frontier('g', log)).toBe(1)
  })
})

test.each([
  ['passes over what an operator set aside', 'offset-set orders/0@3', 3],
  ['goes back with an operator', 'offset-set orders/0@3\noffset-set orders/0@2', 2],
])('the frontier of a group %s', (_, sets, expected) => {
  const views = viewsOf(`topic orders\nappend orders/0@0..3\nconsumer-0 owns orders/0`)
  const log = views.log.at(ORDERS)
  const found: unknown[] = []
  // Asked each time, as it is kept between two questions.
  for (const event of historyOf(sets).events) {
    views.observe(event)
    found.push(log && views.completions.frontier('g', log))
  }
  expect(found.at(-1)).toBe(expected)
})
