import { describe, expect, test } from 'vitest'
import { see, sentences } from './testing/check.ts'

describe('two-owners', () => {
  test('two members of one generation believe that they own a partition', () => {
    const history = `
      consumer-0 believes orders/0 orders/1 gen=2
      consumer-1 believes orders/1 gen=2`
    expect(sentences('two-owners', history)).toEqual([
      'consumer-0 and consumer-1 both believe that they own orders/1 in generation 2',
    ])
  })

  test.each([
    ['a member that has not heard of the new generation yet', ''],
    ['of another group', 'consumer-1 believes orders/0 gen=1 group=other'],
    ['whose rival has revoked', 'consumer-0 revoked\nconsumer-1 believes orders/0 gen=1'],
    ['whose rival exits', 'consumer-0 exit\nconsumer-1 believes orders/0 gen=1'],
    ['whose rival is started again', 'consumer-0 start\nconsumer-1 believes orders/0 gen=1'],
    ['whose rival was killed', 'consumer-0 hang\nconsumer-1 believes orders/0 gen=1'],
    ["whose rival's consumer has crashed", 'consumer-0 consumer-crash\nconsumer-1 believes orders/0 gen=1'],
    ['whose rival has crashed', 'consumer-0 crash\nconsumer-1 believes orders/0 gen=1'],
    ["whose rival's consumer has stopped", 'consumer-0 consumer-stop\nconsumer-1 believes orders/0 gen=1'],
    [
      'whose rival was given something else',
      'consumer-0 believes orders/1 gen=1\nconsumer-1 believes orders/0 gen=1',
    ],
    [
      'with an unknown generation',
      'consumer-0 revoked\nconsumer-0 believes orders/0 gen=-1\nconsumer-1 believes orders/0 gen=-1',
    ],
  ])('silent: %s', (_, then) => {
    const history = `
      consumer-0 believes orders/0 gen=1
      consumer-1 believes orders/0 gen=2
      consumer-1 revoked
      ${then}`
    expect(see('two-owners', history)).toEqual([])
  })
})

describe('zombie-effect', () => {
  const TAKEN = `
    consumer-0 owns orders/0 gen=1
    consumer-0 gets orders/0@7
    consumer-1 owns orders/0 gen=2`

  test('the old owner processes after the new one has begun', () => {
    const history = `${TAKEN}
      consumer-1 gets orders/0@7
      consumer-0 effect orders/0@7`
    expect(sentences('zombie-effect', history)).toEqual([
      'consumer-0 processed orders/0@7 after consumer-1 had taken orders/0 over',
    ])
    expect(see('zombie-effect', history)[0]?.events).toEqual([3, 5, 6])
  })

  test('once for each process, also where the new owner takes batches', () => {
    const history = `${TAKEN}
      consumer-1 batch orders/0@7..8
      consumer-0 effect orders/0@7
      consumer-0 effect orders/0@8`
    expect(see('zombie-effect', history)).toHaveLength(1)
  })

  test('an assignment that is told late does not bring an owner back', () => {
    const history = `
      consumer-0 owns orders/0 gen=1
      consumer-1 assigned orders/0 gen=3
      consumer-0 assigned orders/0 gen=2
      consumer-1 gets orders/0@7
      consumer-0 effect orders/0@7`
    expect(see('zombie-effect', history)).toHaveLength(1)
  })

  test('the last request of an incarnation that died arrives late', () => {
    const history = `
      consumer-0 start
      consumer-0 owns orders/0 gen=1
      consumer-0 start
      consumer-0 owns orders/0 gen=2
      consumer-0 gets orders/0@7
      consumer-0 effect orders/0@7 inc=1`
    expect(sentences('zombie-effect', history)).toEqual([
      'consumer-0 before its restart processed orders/0@7 after its new incarnation had taken orders/0 over',
    ])
  })

  test.each([
    ['before the new owner has begun', 'consumer-0 effect orders/0@7'],
    ['by the new owner', 'consumer-1 processes orders/0@7'],
    ['by a process that never owned it', 'consumer-1 gets orders/0@7\nconsumer-2 effect orders/0@7'],
    [
      'by a process that owns it again',
      'consumer-1 gets orders/0@7\nconsumer-0 owns orders/0 gen=3\nconsumer-0 processes orders/0@7',
    ],
    ['on another partition', 'consumer-1 gets orders/0@7\nconsumer-0 effect orders/1@7'],
  ])('silent: %s', (_, then) => {
    expect(see('zombie-effect', `${TAKEN}\n${then}`)).toEqual([])
  })
})

describe('position-jump', () => {
  const START = `
    topic orders
    append orders/0@0..6
    consumer-0 believes orders/0
    consumer-0 gets orders/0@0
    consumer-0 ends orders/0@0`

  test('a record is left out', () => {
    const history = `${START}
      consumer-0 gets orders/0@3`
    expect(sentences('position-jump', history)).toEqual([
      'consumer-0 was given orders/0@3: orders/0@1 to 2 was left out',
    ])
  })

  test('a record comes again', () => {
    const history = `${START}
      consumer-0 gets orders/0@1
      consumer-0 gets orders/0@0`
    expect(sentences('position-jump', history)).toEqual([
      'consumer-0 was given orders/0@0 again, although it had been given orders/0 through @1',
    ])
  })

  test('a hole inside a batch', () => {
    const history = `
      topic orders
      append orders/0@0..6
      consumer-0 believes orders/0
      consumer-0 batch orders/0@0..1
      consumer-0 batch-ends orders/0@0..1
      consumer-0 batch orders/0@3..4`
    expect(sentences('position-jump', history)).toEqual([
      'consumer-0 was given orders/0@3: orders/0@2 was left out',
    ])
  })

  test('a rewind after a batch that ended well and was resolved', () => {
    const history = `
      topic orders
      append orders/0@0..6
      consumer-0 believes orders/0
      consumer-0 batch orders/0@0..3
      consumer-0 resolves orders/0@3
      consumer-0 batch-ends orders/0@0..3
      consumer-0 batch orders/0@2..3`
    expect(see('position-jump', history)).toHaveLength(1)
  })

  test('a failed handler excuses one rewind, and no skip', () => {
    const again = `${START}
      consumer-0 gets orders/0@1
      consumer-0 fails orders/0@1
      consumer-0 gets orders/0@0
      consumer-0 gets orders/0@0`
    expect(see('position-jump', again)).toHaveLength(1)
    const skip = `${START}
      consumer-0 gets orders/0@1
      consumer-0 fails orders/0@1
      consumer-0 gets orders/0@3`
    expect(see('position-jump', skip)).toHaveLength(1)
  })

  test("another process's failure is no excuse", () => {
    const history = `${START}
      consumer-1 gets orders/0@1
      consumer-1 fails orders/0@1
      consumer-0 gets orders/0@1
      consumer-0 gets orders/0@0`
    expect(see('position-jump', history)).toHaveLength(1)
  })

  test('a batch that failed may come again from its start', () => {
    const history = `${START}
      consumer-0 batch orders/0@1..3
      consumer-0 batch-fails orders/0@1..3
      consumer-0 batch orders/0@1..3`
    expect(see('position-jump', history)).toEqual([])
  })

  test('a batch comes again from a record that was resolved', () => {
    const history = `${START}
      consumer-0 batch orders/0@1..4
      consumer-0 resolves orders/0@2
      consumer-0 batch-ends orders/0@1..4
      consumer-0 batch orders/0@2..4`
    expect(see('position-jump', history)).toHaveLength(1)
  })

  test('after a revocation nothing is judged until the next assignment', () => {
    const history = `${START}
      consumer-0 revoked
      consumer-0 gets orders/0@5
      consumer-0 gets orders/0@1
      consumer-0 believes orders/0
      consumer-0 gets orders/0@1
      consumer-0 gets orders/0@5`
    expect(sentences('position-jump', history)).toEqual([
      'consumer-0 was given orders/0@5: orders/0@2 to 4 was left out',
    ])
  })

  test.each([
    ['the next record', 'consumer-0 gets orders/0@1'],
    ['after a new assignment', 'consumer-0 believes orders/0\nconsumer-0 gets orders/0@0'],
    ['after a revocation', 'consumer-0 revoked\nconsumer-0 gets orders/0@5'],
    ['after a seek', 'consumer-0 seeks orders/0@5\nconsumer-0 gets orders/0@5'],
    [
      'after a failed handler',
      'consumer-0 gets orders/0@1\nconsumer-0 fails orders/0@1\nconsumer-0 gets orders/0@0',
    ],
    ['another process', 'consumer-1 gets orders/0@5'],
    ['deleted records', 'log-start orders/0@4\nconsumer-0 gets orders/0@4'],
    [
      'compacted records',
      'compacted orders/0@1\ncompacted orders/0@2\ncompacted orders/0@3\nconsumer-0 gets orders/0@4',
    ],
    [
      'the first unresolved record of a batch',
      `consumer-0 batch orders/0@1..4
       consumer-0 resolves orders/0@1
       consumer-0 resolves orders/0@2
       consumer-0 batch-ends orders/0@1..4
       consumer-0 batch orders/0@3..4`,
    ],
    ['a restart', 'consumer-0 start\nconsumer-0 gets orders/0@0'],
  ])('silent: %s', (_, then) => {
    expect(see('position-jump', `${START}\n${then}`)).toEqual([])
  })

  test('silent about markers and aborted records in between', () => {
    const history = `
      topic orders
      append orders/0@0
      append orders/0@1 tx=7
      marker orders/0@2 tx=7 abort
      append orders/0@3
      consumer-0 gets orders/0@0
      consumer-0 gets orders/0@3`
    expect(see('position-jump', history)).toEqual([])
  })
})

describe('wrong-resume', () => {
  const START = `
    topic orders
    append orders/0@0..6
    log-start orders/0@1
    consumer-0 commits orders/0@4
    consumer-1 believes orders/0 gen=2`

  test('further on than the committed offset', () => {
    const history = `${START}
      consumer-1 told orders/0@4
      consumer-1 gets orders/0@5`
    expect(sentences('wrong-resume', history)).toEqual([
      "consumer-1 began with orders/0@5 although the group's committed offset is 4",
    ])
  })

  test('a client that remembers an older offset', () => {
    const history = `${START}
      consumer-1 gets orders/0@3`
    expect(see('wrong-resume', history)).toHaveLength(1)
  })

  test('not where the app sought', () => {
    const history = `${START}
      consumer-1 told orders/0@4
      consumer-1 seeks orders/0@2
      consumer-1 gets orders/0@4`
    expect(sentences('wrong-resume', history)).toEqual([
      'consumer-1 began with orders/0@4 although the app sought 2',
    ])
  })

  test('a seek decides once', () => {
    const history = `${START}
      consumer-1 seeks orders/0@2
      consumer-1 gets orders/0@2
      consumer-1 believes orders/0 gen=3
      consumer-1 gets orders/0@2`
    expect(see('wrong-resume', history)).toHaveLength(1)
  })

  test('at the log start although the committed offset is in the log', () => {
    const history = `${START}
      consumer-1 told orders/0@4
      consumer-1 gets orders/0@1`
    expect(see('wrong-resume', history)).toHaveLength(1)
    expect(see('wrong-resume', history.replace('told orders/0@4', 'told orders/0@7'))).toHaveLength(1)
  })

  test('without a committed offset, in the middle of the log', () => {
    const history = `${START}
      consumer-1 told orders/0 none
      consumer-1 gets orders/0@3`
    expect(sentences('wrong-resume', history)).toEqual([
      'consumer-1 began with orders/0@3 although the group has no committed offset there and this is neither end of the log',
    ])
  })

  test.each([
    ['at the committed offset', 'consumer-1 told orders/0@4\nconsumer-1 gets orders/0@4'],
    ['at the committed offset that the client remembers', 'consumer-1 gets orders/0@4'],
    [
      'at the offset it was told although a zombie has committed since',
      'consumer-1 told orders/0@4\nconsumer-0 commits orders/0@5\nconsumer-1 gets orders/0@4',
    ],
    [
      'where the app sought',
      'consumer-1 told orders/0@4\nconsumer-1 seeks orders/0@2\nconsumer-1 gets orders/0@2',
    ],
    ['at the log start', 'consumer-1 told orders/0 none\nconsumer-1 gets orders/0@1'],
    ['at the log end', 'consumer-1 told orders/0 none\nappend orders/0@7..8\nconsumer-1 gets orders/0@8'],
    ['at the log start, the offset being deleted', 'consumer-1 told orders/0@0\nconsumer-1 gets orders/0@1'],
    [
      'at the log end, the offset lying beyond it',
      'truncated orders/0@3\nconsumer-1 told orders/0@4\nappend orders/0@3..5\nconsumer-1 gets orders/0@3',
    ],
    [
      'at the log start, the offset it was told being cut off since',
      'consumer-1 told orders/0@4\ntruncated orders/0@3\nappend orders/0@3..5\nconsumer-1 gets orders/0@1',
    ],
    [
      'the second delivery',
      'consumer-1 told orders/0@4\nconsumer-1 gets orders/0@4\nconsumer-1 gets orders/0@6',
    ],
    ['without an assignment', 'consumer-2 gets orders/0@6'],
  ])('silent: %s', (_, then) => {
    expect(see('wrong-resume', `${START}\n${then}`)).toEqual([])
  })

  test('silent about a committed offset at which no record can be read', () => {
    const history = `
      topic orders
      append orders/0@0 tx=7
      marker orders/0@1 tx=7 commit
      append orders/0@2
      consumer-0 believes orders/0
      consumer-0 told orders/0@1
      consumer-0 gets orders/0@2`
    expect(see('wrong-resume', history)).toEqual([])
  })
})
