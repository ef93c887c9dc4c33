import { describe, expect, test } from 'vitest'
import { atLeastOnce, atMostOnce, exactlyOnce } from './models.ts'
import { see, sentences, verdict } from './testing/check.ts'

const START = `
  topic orders
  append orders/0@0..4
  consumer-0 owns orders/0 gen=1
  consumer-0 told orders/0 none`

describe('commit-ahead', () => {
  test('committed before the handler has done its work', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      consumer-0 commits orders/0@1`
    expect(sentences('commit-ahead', history)).toEqual([
      'consumer-0 committed offset 1 of orders/0 before orders/0@0 was processed',
    ])
    expect(see('commit-ahead', history)[0]?.events).toEqual([1, 10])
  })

  test('a later record is finished while an earlier one still runs', () => {
    const history = `${START}
      consumer-0 processes orders/0@0
      consumer-0 gets orders/0@1
      consumer-0 processes orders/0@2
      consumer-0 commits orders/0@3`
    expect(sentences('commit-ahead', history)).toEqual([
      'consumer-0 committed offset 3 of orders/0 before orders/0@1 was processed',
    ])
  })

  test('each hole is reported once', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      consumer-0 commits orders/0@1
      consumer-0 commits orders/0@1
      consumer-0 effect orders/0@0
      consumer-0 commits orders/0@2`
    expect(sentences('commit-ahead', history)).toEqual([
      'consumer-0 committed offset 1 of orders/0 before orders/0@0 was processed',
      'consumer-0 committed offset 2 of orders/0 before orders/0@1 was processed',
    ])
  })

  test("beyond the log's end: '4' + 1 = '41'", () => {
    const history = `${START}
      consumer-0 processes orders/0@0..4
      consumer-0 commits orders/0@41`
    expect(sentences('commit-ahead', history)).toEqual([
      'consumer-0 committed offset 41 of orders/0, but its last record is 4',
    ])
  })

  test('silent when all below is complete, in any order and by anyone', () => {
    const history = `${START}
      consumer-0 processes orders/0@1
      consumer-0 processes orders/0@0
      consumer-0 commits orders/0@2
      consumer-1 processes orders/0@2
      consumer-0 commits orders/0@3
      consumer-1 skips orders/0@3
      consumer-0 commits orders/0@4`
    expect(see('commit-ahead', history)).toEqual([])
  })

  test('silent about markers, aborted and deleted records below', () => {
    const history = `
      topic orders
      append orders/0@0
      log-start orders/0@1
      append orders/0@1 tx=7
      marker orders/0@2 tx=7 abort
      append orders/0@3
      consumer-0 owns orders/0
      consumer-0 processes orders/0@3
      consumer-0 commits orders/0@4`
    expect(see('commit-ahead', history)).toEqual([])
  })

  test('silent about refused commits and resets', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      consumer-0 commits orders/0@1 phase=rejected
      consumer-0 commits orders/0@-1`
    expect(see('commit-ahead', history)).toEqual([])
  })

  test('silent where the reset policy passed over records: that is a loss, not a commit ahead', () => {
    const history = `${START}
      consumer-0 processes orders/0@4
      consumer-0 commits orders/0@5`
    expect(see('commit-ahead', history)).toEqual([])
    const immediately = `${START}
      consumer-0 commits orders/0@5`
    expect(see('commit-ahead', immediately)).toEqual([])
  })

  test('a start at the end with a batch, or with a commit before the first record', () => {
    const batch = `${START}
      consumer-0 batch orders/0@4
      consumer-0 effect orders/0@4
      consumer-0 commits orders/0@5`
    expect(see('commit-ahead', batch)).toEqual([])
    const commit = `${START}
      consumer-0 commits orders/0@3
      consumer-0 processes orders/0@3
      consumer-0 commits orders/0@4`
    expect(see('commit-ahead', commit)).toEqual([])
    const fetched = `${START}
      consumer-0 fetched orders/0@0..4
      consumer-0 commits orders/0@3`
    expect(see('commit-ahead', fetched)).toHaveLength(1)
  })

  test('another process of a group without a committed offset starts at the end', () => {
    const history = `${START}
      consumer-0 processes orders/0@0
      consumer-1 owns orders/0 gen=2
      consumer-1 told orders/0 none
      consumer-1 processes orders/0@3
      consumer-1 commits orders/0@4`
    expect(see('commit-ahead', history)).toEqual([])
    expect(see('commit-ahead', history.replace('consumer-1 owns orders/0 gen=2', ''))).toHaveLength(1)
  })

  test('a jump with a committed offset is no reset', () => {
    const history = `${START}
      consumer-0 processes orders/0@0
      consumer-0 commits orders/0@1
      consumer-1 owns orders/0 gen=2
      consumer-1 told orders/0@1
      consumer-1 processes orders/0@4
      consumer-1 commits orders/0@5`
    expect(see('commit-ahead', history)).toHaveLength(1)
  })

  test('an app without reported effects vouches for the record whose handler runs', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      consumer-0 commits orders/0@1
      consumer-0 effect orders/0@0
      consumer-0 ends orders/0@0`
    expect(see('commit-ahead', history, { effects: 'handlers' })).toEqual([])
  })

  test('a batch that resolves records one by one vouches only for the last below the commit', () => {
    const history = `${START}
      consumer-0 batch orders/0@0..4
      consumer-0 effect orders/0@0
      consumer-0 resolves orders/0@0
      consumer-0 commits orders/0@2
      consumer-0 effect orders/0@3
      consumer-0 resolves orders/0@3
      consumer-0 commits orders/0@4`
    expect(sentences('commit-ahead', history, { effects: 'handlers' })).toEqual([
      'consumer-0 committed offset 4 of orders/0 before orders/0@2 was processed',
    ])
  })

  test('a handler that failed vouches for nothing', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      consumer-0 fails orders/0@0
      consumer-0 commits orders/0@1`
    expect(see('commit-ahead', history, { effects: 'handlers' })).toHaveLength(1)
  })

  test('a record that was put into the dead-letter topic is complete', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      append failures/0@0 by=consumer-0 key=k value=orders/0@0
      consumer-0 ends orders/0@0
      consumer-0 commits orders/0@1`
    const guarantee = atLeastOnce({ deadLetter: 'failures' })
    expect(see('commit-ahead', history, { guarantee })).toEqual([])
    expect(see('commit-ahead', history)).toHaveLength(1)
  })

  test('records put into the dead-letter topic by the workload complete nothing', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      append failures/0@0 value=orders/0@0
      consumer-0 commits orders/0@1`
    expect(see('commit-ahead', history, { guarantee: atLeastOnce({ deadLetter: 'failures' }) })).toHaveLength(
      1,
    )
  })

  test('the model decides: at once for two, allowed at most once, noted where a store keeps the offsets', () => {
    const ahead = `${START}
      consumer-0 gets orders/0@0
      consumer-0 commits orders/0@1`
    expect(verdict(ahead, { guarantee: atLeastOnce() }).online?.property).toBe('commit-ahead')
    expect(verdict(ahead, { guarantee: exactlyOnce() }).online?.property).toBe('commit-ahead')
    expect(verdict(ahead, { guarantee: atMostOnce() }).online).toBe(null)
    const sought = ahead.replace('consumer-0 gets', 'consumer-0 seeks orders/0@0\nconsumer-0 gets')
    expect(verdict(sought, { guarantee: exactlyOnce() }).online).toBe(null)
    expect(verdict(sought, { guarantee: atLeastOnce() }).online?.property).toBe('commit-ahead')
  })

  test('transactional commits are judged with their transaction', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      consumer-0 commits orders/0@1 tx=7`
    expect(see('commit-ahead', history)).toEqual([])
  })

  test('a commit of what the cluster has lost since, whatever stands in its place', () => {
    const history = `${START}
      consumer-0 processes orders/0@0..4
      truncated orders/0@3
      consumer-0 commits orders/0@5
      append orders/0@3..4
      consumer-0 commits orders/0@5`
    expect(sentences('commit-ahead', history)).toEqual([])
  })

  test('after a truncation, further than the log ever reached', () => {
    const history = `${START}
      consumer-0 processes orders/0@0..4
      truncated orders/0@3
      append orders/0@3..9
      consumer-0 commits orders/0@8`
    expect(sentences('commit-ahead', history)).toEqual([
      'consumer-0 committed offset 8 of orders/0 before orders/0@5 was processed',
    ])
  })
})

describe('commit-regression', () => {
  test('an older commit overtakes a newer one', () => {
    const history = `
      consumer-0 commits orders/0@8
      consumer-0 commits orders/0@5`
    expect(sentences('commit-regression', history)).toEqual([
      'the committed offset of orders/0 went back from 8 to 5: consumer-0 committed offset 5 after it had committed offset 8',
    ])
  })

  test('back to the very beginning, in the first generation', () => {
    expect(
      see('commit-regression', 'consumer-0 commits orders/0@8\nconsumer-0 commits orders/0@0 gen=0'),
    ).toHaveLength(1)
    const zero = 'consumer-0 commits orders/0@0\nconsumer-0 commits orders/0@8\nconsumer-0 commits orders/0@5'
    expect(see('commit-regression', zero)).toHaveLength(1)
  })

  test('a seek further on, or another topic deleted, is no excuse', () => {
    const further =
      'consumer-0 commits orders/0@8\nconsumer-0 seeks orders/0@6\nconsumer-0 commits orders/0@5'
    expect(see('commit-regression', further)).toHaveLength(1)
    const other = 'consumer-0 commits orders/0@8\ndelete payments\nconsumer-0 commits orders/0@5'
    expect(see('commit-regression', other)).toHaveLength(1)
  })

  test('the old owner commits after the new one', () => {
    const history = `
      consumer-1 commits orders/0@8
      consumer-0 commits orders/0@5`
    expect(sentences('commit-regression', history)).toEqual([
      'the committed offset of orders/0 went back from 8 to 5: consumer-0 committed offset 5 after consumer-1 had committed offset 8',
    ])
  })

  test.each([
    ['the same offset again', ''],
    ['another partition', 'consumer-0 commits orders/1@5'],
    ['another group', 'consumer-0 commits orders/0@5 group=other'],
    ['a refused commit', 'consumer-0 commits orders/0@5 phase=rejected'],
    ['an operator', 'consumer-0 commits orders/0@5 gen=-1'],
    ['an explicit seek', 'consumer-0 seeks orders/0@5\nconsumer-0 commits orders/0@6'],
    ['a seek further back', 'consumer-0 seeks orders/0@3\nconsumer-0 commits orders/0@5'],
    ['a seek to that very offset', 'consumer-0 seeks orders/0@5\nconsumer-0 commits orders/0@5'],
    ['a topic that was deleted', 'delete orders\nconsumer-0 commits orders/0@0'],
    ['an expired offset', 'offset-removed orders/0\nconsumer-0 commits orders/0@0'],
    ['an operator who went back', 'offset-set orders/0@2\nconsumer-0 commits orders/0@4'],
    ["kafkajs's reset", 'consumer-0 commits orders/0@-2\nconsumer-0 commits orders/0@0'],
  ])('silent: %s', (_, then) => {
    const history = `
      consumer-0 commits orders/0@8
      consumer-0 commits orders/0@8
      ${then}`
    expect(see('commit-regression', history)).toEqual([])
  })

  test('a seek excuses one commit, and none of another process', () => {
    const other = `
      consumer-0 commits orders/0@8
      consumer-1 seeks orders/0@5
      consumer-0 commits orders/0@5`
    expect(see('commit-regression', other)).toHaveLength(1)
    const twice = `
      consumer-0 commits orders/0@8
      consumer-0 seeks orders/0@5
      consumer-0 commits orders/0@6
      consumer-0 commits orders/0@5`
    expect(see('commit-regression', twice)).toHaveLength(1)
  })
})

describe('commit-unowned', () => {
  test('accepted from a member that does not own the partition', () => {
    const history = 'consumer-0 commits orders/0@8 owner=consumer-1'
    expect(sentences('commit-unowned', history)).toEqual([
      'consumer-0 committed offset 8 of orders/0, which consumer-1 owned by then',
    ])
  })

  test('accepted from a generation that was over', () => {
    const history = `
      generation 2
      consumer-0 commits orders/0@8 gen=1`
    expect(sentences('commit-unowned', history)).toEqual([
      'consumer-0 committed offset 8 of orders/0 in a generation that was over',
    ])
  })

  test('silent about a member of the consumer protocol that has not reached the epoch of the group', () => {
    const history = `
      generation 2 protocol=consumer
      consumer-0 commits orders/0@8 gen=1 owner=consumer-0`
    expect(see('commit-unowned', history)).toEqual([])
    const foreign = 'generation 2 protocol=consumer\nconsumer-0 commits orders/0@8 gen=1 owner=consumer-1'
    expect(see('commit-unowned', foreign)).toHaveLength(1)
  })

  test('in the very first generation too', () => {
    expect(see('commit-unowned', 'consumer-0 commits orders/0@8 gen=0 owner=consumer-1')).toHaveLength(1)
  })

  test('once for each partition and generation', () => {
    const history = `
      consumer-0 commits orders/0@8 owner=consumer-1
      consumer-0 commits orders/0@9 owner=consumer-1
      consumer-0 commits orders/1@9 owner=consumer-1`
    expect(see('commit-unowned', history)).toHaveLength(2)
  })

  test('silent about owners, refused commits, operators', () => {
    const history = `
      generation 2
      consumer-0 commits orders/0@8 gen=2
      consumer-0 commits orders/0@8 gen=2 owner=consumer-0-member
      consumer-0 commits orders/0@8 gen=1 owner=consumer-1 phase=rejected
      consumer-0 commits orders/0@8 gen=-1 owner=consumer-1`
    expect(see('commit-unowned', history)).toEqual([])
  })
})
