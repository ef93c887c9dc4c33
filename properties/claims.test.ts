import { describe, expect, test } from 'vitest'
import { atLeastOnce } from './models.ts'
import { see, sentences, verdict } from './testing/check.ts'

describe('out-of-order', () => {
  const guarantee = atLeastOnce({ order: 'partition' })
  const byKey = atLeastOnce({ order: 'key' })
  const START = `
    topic orders partitions=2
    append orders/0@0 key=a
    append orders/0@1 key=b
    append orders/0@2 key=a`

  test('a later record of the partition is processed first', () => {
    const history = `${START}
      consumer-0 effect orders/0@1
      consumer-0 effect orders/0@0`
    expect(sentences('out-of-order', history, { guarantee })).toEqual([
      'orders/0@0 was processed after orders/0@1',
    ])
    expect(see('out-of-order', history, { guarantee })[0]?.events).toEqual([1, 4, 5])
    expect(see('out-of-order', history, { guarantee: byKey })).toEqual([])
    expect(verdict(history, { guarantee }).online?.property).toBe('out-of-order')
  })

  test('a later record of the key is processed first', () => {
    const history = `${START}
      consumer-0 effect orders/0@2
      consumer-0 effect orders/0@0`
    expect(sentences('out-of-order', history, { guarantee: byKey })).toEqual([
      'orders/0@0 was processed after orders/0@2 (key a)',
    ])
  })

  test('each line is reported once', () => {
    const history = `${START}
      consumer-0 effect orders/0@2
      consumer-0 effect orders/0@1
      consumer-0 effect orders/0@0`
    expect(see('out-of-order', history, { guarantee })).toHaveLength(1)
  })

  test('a record that is put back keeps its place', () => {
    const history = `${START}
      consumer-0 gets orders/0@0
      append orders/0@3 by=consumer-0 key=a value=orders/0@0
      consumer-0 ends orders/0@0
      consumer-0 effect orders/0@2
      consumer-0 effect orders/0@3`
    expect(sentences('out-of-order', history, { guarantee: byKey })).toEqual([
      'orders/0@3 (a copy of orders/0@0) was processed after orders/0@2 (key a)',
    ])
  })

  test('copies of several partitions in one stand there in the order of each', () => {
    const mirrored = (last: string): string => `
      topic orders partitions=2
      topic copies
      append orders/0@0 value=1
      append orders/1@0 value=2
      append orders/0@1 value=3
      append copies/0@0 by=mirror-0 value=2
      append copies/0@1 by=mirror-0 value=1
      append copies/0@2 by=mirror-0 value=3
      ${last}`
    const inOrder = mirrored('consumer-0 effect copies/0@0\nconsumer-0 effect copies/0@1')
    expect(see('out-of-order', inOrder, { guarantee })).toEqual([])
    const across = mirrored('consumer-0 effect copies/0@1\nconsumer-0 effect copies/0@0')
    expect(sentences('out-of-order', across, { guarantee })).toEqual([
      'copies/0@0 (a copy of orders/1@0) was processed after copies/0@1 (a copy of orders/0@0)',
    ])
    const within = mirrored('consumer-0 effect copies/0@2\nconsumer-0 effect copies/0@1')
    expect(sentences('out-of-order', within, { guarantee })).toEqual([
      'copies/0@1 (a copy of orders/0@0) was processed after copies/0@2 (a copy of orders/0@1)',
    ])
  })

  test('two messages of others with one key and value are two, and each has its place', () => {
    const history = `
      topic orders
      append orders/0@0 key=a value=1
      append orders/0@1 key=a value=2
      append orders/0@2 key=a value=1
      consumer-0 effect orders/0@0
      consumer-0 effect orders/0@2
      consumer-0 effect orders/0@1`
    expect(sentences('out-of-order', history, { guarantee: byKey })).toEqual([
      'orders/0@1 was processed after orders/0@2 (key a)',
    ])
  })

  test('what was copied twice is done with the first copy', () => {
    const again = (last: string): string => `
      topic orders
      topic copies
      append orders/0@0 key=a value=1
      append orders/0@1 key=a value=2
      append copies/0@0 by=mirror-0 key=a value=1
      append copies/0@1 by=mirror-0 key=a value=2
      append copies/0@2 by=mirror-0 key=a value=1
      ${last}`
    const inOrder = again('consumer-0 effect copies/0@0\nconsumer-0 effect copies/0@1')
    expect(see('out-of-order', `${inOrder}\nconsumer-0 effect copies/0@2`, { guarantee: byKey })).toEqual([])
    const late = again('consumer-0 effect copies/0@1\nconsumer-0 effect copies/0@2')
    expect(sentences('out-of-order', late, { guarantee: byKey })).toEqual([
      'copies/0@2 (a copy of orders/0@0) was processed after copies/0@1 (a copy of orders/0@1) (key a)',
    ])
  })

  test('a copy whose value was changed keeps the place of its message where that has an identity', () => {
    const history = `
      topic orders partitions=2
      append orders/0@0 key=a value=1
      append orders/0@1 key=a value=2
      consumer-0 gets orders/0@0
      append orders/0@2 by=consumer-0 key=a value=1-again
      consumer-0 ends orders/0@0
      consumer-0 effect orders/0@1
      consumer-0 effect orders/0@2`
    const identity = ({ value }: { readonly value: string | null }): string => value?.slice(0, 1) ?? ''
    expect(sentences('out-of-order', history, { guarantee: byKey, identity })).toEqual([
      'orders/0@2 (a copy of orders/0@0) was processed after orders/0@1 (key a)',
    ])
    expect(see('out-of-order', history, { guarantee: byKey })).toEqual([])
  })

  test('a key that moved to another partition is compared by append', () => {
    const history = `${START}
      append orders/1@0 key=b
      consumer-0 effect orders/1@0
      consumer-0 effect orders/0@1`
    expect(see('out-of-order', history, { guarantee: byKey })).toHaveLength(1)
  })

  test.each([
    ['in order', 'consumer-0 effect orders/0@0\nconsumer-0 effect orders/0@1\nconsumer-0 effect orders/0@2'],
    [
      'a redelivery',
      'consumer-0 effect orders/0@0\nconsumer-0 effect orders/0@1\nconsumer-1 effect orders/0@0\nconsumer-1 effect orders/0@1',
    ],
    ['a record that was skipped late', 'consumer-0 effect orders/0@1\nconsumer-0 skips orders/0@0'],
  ])('silent: %s', (_, then) => {
    expect(see('out-of-order', `${START}\n${then}`, { guarantee })).toEqual([])
  })

  test('records without a key have no order', () => {
    const history = `
      topic orders
      append orders/0@0..1
      consumer-0 effect orders/0@1
      consumer-0 effect orders/0@0`
    expect(see('out-of-order', history, { guarantee: byKey })).toEqual([])
  })

  test('not checked unless claimed', () => {
    const history = `${START}
      consumer-0 effect orders/0@1
      consumer-0 effect orders/0@0`
    expect(verdict(history).properties['out-of-order']).toBe(undefined)
  })
})

describe('unbounded-buffer', () => {
  const guarantee = atLeastOnce({ inFlightMax: 2 })

  test('handlers are launched without a bound', () => {
    const history = `
      consumer-0 gets orders/0@0
      consumer-0 gets orders/0@1
      consumer-0 gets orders/0@2
      consumer-0 gets orders/0@3`
    expect(sentences('unbounded-buffer', history, { guarantee })).toEqual([
      'consumer-0 had taken more than 2 records without finishing them',
    ])
    expect(see('unbounded-buffer', history, { guarantee })[0]?.events).toEqual([2])
  })

  test('handlers that return before their work is done', () => {
    const launch = (offset: number): string =>
      `consumer-0 gets orders/0@${offset}\nconsumer-0 ends orders/0@${offset}\n`
    const history = launch(0) + launch(1) + launch(2)
    expect(see('unbounded-buffer', history, { guarantee })).toHaveLength(1)
    expect(see('unbounded-buffer', history, { guarantee, effects: 'handlers' })).toEqual([])
    const finished = `${launch(0)}${launch(1)}consumer-0 effect orders/0@0\n${launch(2)}`
    expect(see('unbounded-buffer', finished, { guarantee })).toEqual([])
  })

  test('a handler that failed has let go, and a batch that ended of all its records', () => {
    const failed = `
      consumer-0 gets orders/0@0..1
      consumer-0 fails orders/0@0..1
      consumer-0 gets orders/0@2..3`
    expect(see('unbounded-buffer', failed, { guarantee })).toEqual([])
    const batches = `
      consumer-0 batch orders/0@0..1
      consumer-0 batch-fails orders/0@0..1
      consumer-0 batch orders/0@2..3`
    expect(see('unbounded-buffer', batches, { guarantee })).toEqual([])
    const unfinished = batches.replace('batch-fails', 'batch-ends')
    expect(see('unbounded-buffer', unfinished, { guarantee })).toHaveLength(1)
    expect(see('unbounded-buffer', unfinished, { guarantee, effects: 'handlers' })).toEqual([])
  })

  test.each(['start', 'crash', 'exit'])('a process that ends holds nothing: %s', (end) => {
    const history = `
      consumer-0 gets orders/0@0..1
      consumer-0 ${end}
      consumer-0 gets orders/0@2..3`
    expect(see('unbounded-buffer', history, { guarantee })).toEqual([])
  })

  test('a batch counts whole', () => {
    const history = `
      consumer-0 batch orders/0@0..1
      consumer-0 effect orders/0@0..1
      consumer-0 batch-ends orders/0@0..1
      consumer-0 batch orders/0@2..4`
    expect(see('unbounded-buffer', history, { guarantee })[0]?.events).toEqual([4])
  })

  test.each([
    ['one after the other', 'consumer-0 processes orders/0@0..9'],
    ['in two processes', 'consumer-0 gets orders/0@0..1\nconsumer-1 gets orders/1@0..1'],
    [
      'failed handlers',
      'consumer-0 gets orders/0@0..1\nconsumer-0 fails orders/0@0..1\nconsumer-0 gets orders/0@0..1',
    ],
    [
      'a restart',
      'consumer-0 gets orders/0@0..1\nconsumer-0 crash\nconsumer-0 start\nconsumer-0 gets orders/0@0..1',
    ],
    [
      'what was let go at a rebalance',
      'consumer-0 gets orders/0@0..1\nconsumer-0 ends orders/0@0..1\nconsumer-0 revoked\nconsumer-0 gets orders/0@2..3',
    ],
    [
      'a redelivery of what is done',
      `consumer-0 processes orders/0@0..2
       consumer-0 gets orders/0@0
       consumer-0 ends orders/0@0
       consumer-0 gets orders/0@1
       consumer-0 ends orders/0@1
       consumer-0 gets orders/0@2`,
    ],
  ])('silent: %s', (_, history) => {
    expect(see('unbounded-buffer', history, { guarantee })).toEqual([])
  })
})

describe('dead-letter-lost', () => {
  const guarantee = atLeastOnce({ deadLetter: 'failures' })
  const START = `
    topic orders
    append orders/0@0..1
    consumer-0 owns orders/0
    consumer-0 gets orders/0@0
    consumer-0 effect-fails orders/0@0`
  const END = `
    consumer-0 ends orders/0@0
    consumer-0 processes orders/0@1
    consumer-0 commits orders/0@2
    end`

  test('the record failed, the send to the dead-letter topic too, and the offset was committed', () => {
    expect(sentences('dead-letter-lost', START + END, { guarantee })).toEqual([
      'orders/0@0 was given up and is not in failures: consumer-0 failed on it (Error: failed) and went on',
    ])
  })

  test('the record was skipped without being sent', () => {
    const history = `${START}
      consumer-0 skips orders/0@0
      ${END}`
    expect(sentences('dead-letter-lost', history, { guarantee })).toEqual([
      'orders/0@0 was given up and is not in failures: consumer-0 skipped it (given up)',
    ])
  })

  test.each([
    ['sent once', 'append failures/0@0 by=consumer-0 value=orders/0@0'],
    [
      'sent twice, and skipped',
      'append failures/0@0..1 by=consumer-0 value=orders/0@0\nconsumer-0 skips orders/0@0',
    ],
    ['the second try worked', 'consumer-0 effect orders/0@0'],
  ])('silent: %s', (_, then) => {
    expect(see('dead-letter-lost', `${START}\n${then}\n${END}`, { guarantee })).toEqual([])
  })

  test('a retry topic is no dead-letter topic', () => {
    const retried = `${START}
      append orders/0@2 by=consumer-0 value=orders/0@0
      consumer-0 skips orders/0@0
      ${END}`
    expect(see('dead-letter-lost', retried, { guarantee })).toHaveLength(1)
  })

  const COPY = 'append failures/0@0 by=consumer-0 value=orders/0@0'

  test('the copy went with the only replica that had it', () => {
    const history = `${START}\n${COPY}\ntruncated failures/0@0 uncommitted=0\n${END}`
    expect(sentences('dead-letter-lost', history, { guarantee })).toEqual([
      'orders/0@0 was given up and is not in failures: the copy that consumer-0 had sent was on one replica only, and went with it',
    ])
  })

  test.each([
    ['the copy had been replicated, and the cluster lost it', 'truncated failures/0@0'],
    ['what had not been replicated stood behind it', 'truncated failures/0@0 uncommitted=1'],
    [
      'the app, not being told, sent it again',
      'truncated failures/0@0 uncommitted=0\nappend failures/0@0 by=consumer-0 value=orders/0@0',
    ],
    [
      'another election brought it back',
      'truncated failures/0@0 uncommitted=0\nappend failures/0@0 again=yes value=orders/0@0',
    ],
    [
      'a second copy stands before it',
      'append failures/0@1 by=consumer-0 value=orders/0@0\ntruncated failures/0@1 uncommitted=1',
    ],
    ['the record was processed later', 'truncated failures/0@0 uncommitted=0\nconsumer-0 effect orders/0@0'],
  ])('silent: %s', (_, then) => {
    expect(see('dead-letter-lost', `${START}\n${COPY}\n${then}\n${END}`, { guarantee })).toEqual([])
    expect(see('lost-record', `${START}\n${COPY}\n${then}\n${END}`, { guarantee })).toEqual([])
  })

  test('a record that was passed without a failure is lost, not given up', () => {
    const history = `
      topic orders
      append orders/0@0
      consumer-0 owns orders/0
      consumer-0 commits orders/0@1
      end`
    expect(see('dead-letter-lost', history, { guarantee })).toEqual([])
  })

  test('nothing is said unless claimed, nor of a run that ended before its drain', () => {
    expect(see('dead-letter-lost', START + END)).toEqual([])
    expect(see('dead-letter-lost', `${START}\nconsumer-0 skips orders/0@0`, { guarantee })).toEqual([])
  })

  test('silent about a record that the group still stands before', () => {
    const history = `${START}
      consumer-0 fails orders/0@0
      deadline`
    expect(see('dead-letter-lost', history, { guarantee })).toEqual([])
  })
})
