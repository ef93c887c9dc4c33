import { describe, expect, test } from 'vitest'
import { atLeastOnce, atMostOnce } from './models.ts'
import { see, sentences, type TestSetting, verdict } from './testing/check.ts'

const START = `
  topic orders
  append orders/0@0..3
  consumer-0 start
  consumer-0 subscribes orders`

test('lost-record: offset committed before the handler ran', () => {
  const history = `${START}
    consumer-0 owns orders/0 gen=1
    consumer-0 processes orders/0@0..1
    consumer-0 gets orders/0@2
    consumer-0 commits orders/0@3
    consumer-0 crash
    consumer-1 start
    consumer-1 owns orders/0 gen=2
    consumer-1 told orders/0@3
    consumer-1 processes orders/0@3
    consumer-1 commits orders/0@4
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@2 was never processed: consumer-1 resumed at 3 because consumer-0 had committed offset 3',
  ])
})

test('lost-record: the proof is the record, the commit and the resume, in this order', () => {
  const [finding] = see(
    'lost-record',
    `topic orders
     append orders/0@0..1
     consumer-0 owns orders/0 gen=1
     consumer-0 commits orders/0@1
     consumer-1 owns orders/0 gen=2
     consumer-1 processes orders/0@1
     end`,
  )
  expect(finding?.events).toEqual([1, 5, 8])
})

test('lost-record: an error swallowed, the same process goes on', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0
    consumer-0 gets orders/0@1
    consumer-0 effect-fails orders/0@1
    consumer-0 ends orders/0@1
    consumer-0 processes orders/0@2..3
    consumer-0 commits orders/0@4
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@1 was never processed: consumer-0 had committed offset 4',
  ])
})

test('lost-record: neighbours lost for one reason are one finding', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 commits orders/0@4
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@0 to 3 were never processed: consumer-0 had committed offset 4',
  ])
})

test('lost-record: a new group starts with new records and passes over what was there', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 told orders/0 none
    append orders/0@4
    consumer-0 processes orders/0@4
    consumer-0 commits orders/0@5
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@0 to 3 were never processed: consumer-0 began orders/0 at 4, where the group g had no committed offset',
  ])
})

test('lost-record: a new group starts with new records and none comes', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 told orders/0 none
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@0 to 3 were never processed: consumer-0 began orders/0 at the end of the log, where the group g had no committed offset',
  ])
})

test('lost-record: a new group that never came to fetch has not started at the end', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 request Fetch phase=acknowledged
    consumer-0 told orders/0 none
    consumer-0 request ListOffsets phase=lost
    deadline`
  expect(sentences('lost-record', history)).toEqual([])
  expect(sentences('stuck-partition', history)).toHaveLength(1)
  const fetching = history.replace('ListOffsets phase=lost', 'Fetch phase=acknowledged')
  expect(sentences('lost-record', fetching)).toHaveLength(1)
  expect(sentences('stuck-partition', fetching)).toEqual([])
})

test('lost-record: a consumer that seeks from its store goes on behind a record', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 seeks orders/0@0
    consumer-0 processes orders/0@0
    consumer-0 processes orders/0@2..3
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@1 was never processed: consumer-0 went on without it',
  ])
})

test('lost-record: silent about a record that the group still stands before', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0..1
    consumer-0 commits orders/0@2
    consumer-0 gets orders/0@2
    consumer-0 fails orders/0@2
    deadline
    end`
  expect(sentences('lost-record', history)).toEqual([])
})

test('lost-record: silent about records that compaction took before anybody came', () => {
  const history = `
    topic orders
    append orders/0@0..2
    compacted orders/0@1
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0
    consumer-0 processes orders/0@2
    consumer-0 commits orders/0@3
    end`
  expect(sentences('lost-record', history)).toEqual([])
  expect(sentences('lost-record', history.replace('compacted orders/0@1', ''))).toHaveLength(1)
})

test('lost-record: silent about control markers, aborted and deleted records', () => {
  const history = `
    topic orders
    append orders/0@0
    log-start orders/0@1
    append orders/0@1 tx=7
    marker orders/0@2 tx=7 abort
    append orders/0@3 tx=7
    marker orders/0@4 tx=7 commit
    consumer-0 owns orders/0
    consumer-0 processes orders/0@3
    consumer-0 commits orders/0@5
    end`
  expect(sentences('lost-record', history)).toEqual([])
})

test('lost-record: a record of a committed transaction counts', () => {
  const history = `
    topic orders
    append orders/0@0 tx=7
    marker orders/0@1 tx=7 commit
    consumer-0 owns orders/0
    consumer-0 commits orders/0@2
    end`
  expect(sentences('lost-record', history)).toHaveLength(1)
})

test('lost-record: silent about records that were skipped on purpose or are in the dead-letter topic', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0..1
    consumer-0 gets orders/0@2
    consumer-0 skips orders/0@2
    consumer-0 ends orders/0@2
    consumer-0 gets orders/0@3
    append failures/0@0 by=consumer-0 value=orders/0@3
    consumer-0 ends orders/0@3
    consumer-0 commits orders/0@4
    end`
  const guarantee = atLeastOnce({ deadLetter: 'failures' })
  expect(sentences('lost-record', history, { guarantee })).toEqual([])
  expect(sentences('lost-record', history)).toHaveLength(1)
})

describe('lost-record: a dead letter whose value was wrapped', () => {
  const guarantee = atLeastOnce({ deadLetter: 'failures' })
  const END = `
    consumer-0 ends orders/0@1
    consumer-0 processes orders/0@2..3
    consumer-0 commits orders/0@4
    end`
  const history = (letter: string): string => `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0
    consumer-0 gets orders/0@1
    ${letter}${END}`

  test('is that of the record whose handler sent it', () => {
    const wrapped = 'append failures/0@0 by=consumer-0 value=cannot-parse'
    expect(sentences('lost-record', history(wrapped), { guarantee })).toEqual([])
  })

  test('completes nothing in a topic that is not the dead-letter topic', () => {
    const elsewhere = 'append audit/0@0 by=consumer-0 value=cannot-parse'
    expect(sentences('lost-record', history(elsewhere), { guarantee })).toHaveLength(1)
  })

  test('completes nothing where no handler of its process runs', () => {
    const other = 'append failures/0@0 by=consumer-1 value=cannot-parse'
    expect(sentences('lost-record', history(other), { guarantee })).toHaveLength(1)
  })

  test('of several handlers, is that of the record whose value it holds', () => {
    const both = `
    consumer-0 gets orders/0@2
    append failures/0@0 by=consumer-0 value={"original":"orders/0@1"}`
    const rest = `
    consumer-0 ends orders/0@1
    consumer-0 ends orders/0@2
    consumer-0 processes orders/0@3
    consumer-0 commits orders/0@4
    end`
    const text = history(both).replace(END, rest)
    expect(sentences('lost-record', text, { guarantee })).toEqual([
      expect.stringContaining('orders/0@2 was never processed'),
    ])
  })
})

test('lost-record: a copy with a counter in its value is known by the identity that the scenario gives', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 gets orders/0@0
    append orders/0@4 by=consumer-0 value=orders/0@0;retry=1
    consumer-0 ends orders/0@0
    consumer-0 processes orders/0@1..4
    consumer-0 commits orders/0@5
    end`
  const identity: TestSetting['identity'] = ({ value }) => value?.split(';')[0] ?? ''
  expect(sentences('lost-record', history, { identity })).toEqual([])
  expect(sentences('lost-record', history)).toHaveLength(1)
})

test('lost-record: a record put back into its topic is done when its copy is', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 gets orders/0@0
    append orders/0@4 by=consumer-0 value=orders/0@0
    consumer-0 ends orders/0@0
    consumer-0 processes orders/0@1..3`
  const processed = `${history}
    consumer-0 processes orders/0@4
    consumer-0 commits orders/0@5
    end`
  const forgotten = `${history}
    consumer-0 commits orders/0@5
    end`
  expect(sentences('lost-record', processed)).toEqual([])
  expect(sentences('lost-record', forgotten)).toEqual([
    'orders/0@4 was never processed: consumer-0 had committed offset 5',
  ])
})

test('lost-record: each group must process a record for itself', () => {
  const history = `
    topic orders
    append orders/0@0
    consumer-0 owns orders/0 group=billing
    consumer-1 owns orders/0 group=mailing
    consumer-0 processes orders/0@0 group=billing
    consumer-0 commits orders/0@1 group=billing
    consumer-1 gets orders/0@0 group=mailing
    consumer-1 ends orders/0@0 group=mailing
    consumer-1 commits orders/0@1 group=mailing
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@0 was never processed: consumer-1 had committed offset 1',
  ])
})

test('lost-record: offsets beyond 2^53', () => {
  const history = `
    topic orders start=9007199254740993
    append orders/0@9007199254740993..9007199254740995
    consumer-0 owns orders/0
    consumer-0 processes orders/0@9007199254740993
    consumer-0 processes orders/0@9007199254740995
    consumer-0 commits orders/0@9007199254740996
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@9007199254740994 was never processed: consumer-0 had committed offset 9007199254740996',
  ])
})

test('lost-record: an app without reported effects that commits inside its handler leaves a maybe', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 gets orders/0@0
    consumer-0 commits orders/0@1
    consumer-0 crash
    consumer-1 owns orders/0 gen=2
    consumer-1 processes orders/0@1..3
    consumer-1 commits orders/0@4
    end`
  expect(sentences('lost-record', history, { effects: 'handlers' })).toEqual([])
  expect(sentences('lost-record', history, { effects: 'reported' })).toHaveLength(1)
})

test('lost-record: the commit of a dead or failed handler may be applied late', () => {
  for (const end of ['consumer-0 crash', 'consumer-0 fails orders/0@0']) {
    const history = `${START}
      consumer-0 owns orders/0
      consumer-0 gets orders/0@0
      consumer-0 request OffsetCommit phase=sent
      ${end}
      consumer-0 commits orders/0@1
      consumer-1 owns orders/0 gen=2
      consumer-1 processes orders/0@1..3
      consumer-1 commits orders/0@4 ordinal=2
      end`
    for (const property of ['lost-record', 'commit-ahead'] as const) {
      expect(sentences(property, history, { effects: 'handlers' })).toEqual([])
      expect(sentences(property, history, { effects: 'reported' })).toHaveLength(1)
    }
  }
})

test('lost-record: nothing is said of a run that ended before its drain', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 commits orders/0@4`
  expect(sentences('lost-record', history)).toEqual([])
})

test('lost-record: at most once may lose under faults, and only then', () => {
  const lose = (fault: string): string => `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0..2
    consumer-0 gets orders/0@3
    consumer-0 commits orders/0@4
    ${fault}
    consumer-0 crash
    end`
  const guarantee = atMostOnce()
  expect(verdict(lose('fault crash consumer-0'), { guarantee }).verdict).toBe('held')
  expect(
    verdict(lose('fault crash consumer-0'), { guarantee }).notes.map(({ property }) => property),
  ).toContain('lost-record')
  expect(verdict(lose(''), { guarantee }).violations.map(({ property }) => property)).toEqual(['lost-record'])
})

test('lost-record: what the cluster lost before anybody had it is not the consumer`s loss', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0..1
    consumer-0 commits orders/0@2
    truncated orders/0@2
    end`
  expect(see('lost-record', history)).toEqual([])
})

test('lost-record: a record in the place of one that the cluster lost is passed over, and the sentence says whose doing it is', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0..3
    consumer-0 commits orders/0@4
    truncated orders/0@2
    append orders/0@2..4
    consumer-0 processes orders/0@4
    consumer-0 commits orders/0@5
    end`
  expect(sentences('lost-record', history)).toEqual([
    'orders/0@2 to 3 were never processed: the cluster had lost the record that stood there before, and consumer-0 had committed offset 4 for that',
  ])
})

describe('an operator sets the offsets of a group', () => {
  const passed = `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0
    consumer-0 commits orders/0@1
    offset-set orders/0@3
    consumer-0 owns orders/0 gen=2`

  test('the group is not asked for the records that it passes over', () => {
    const history = `${passed}
      consumer-0 processes orders/0@3
      consumer-0 commits orders/0@4
      end`
    expect(sentences('lost-record', history)).toEqual([])
    expect(sentences('commit-ahead', history)).toEqual([])
  })

  test('so it is behind a first commit that passed over some by itself', () => {
    const history = `${START}
      consumer-0 owns orders/0
      consumer-0 commits orders/0@1
      offset-set orders/0@3
      consumer-0 owns orders/0 gen=2
      consumer-0 processes orders/0@3
      consumer-0 commits orders/0@4
      end`
    expect(sentences('commit-ahead', history)).toEqual([])
  })

  test('and is asked for them again when it is set back', () => {
    const history = `${passed}
      offset-set orders/0@2
      consumer-0 owns orders/0 gen=3
      consumer-0 processes orders/0@3
      consumer-0 commits orders/0@4
      end`
    expect(see('lost-record', history).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^orders\/0@2 was never processed/),
    ])
  })

  test('a loss from before stays one', () => {
    const history = `${START}
      consumer-0 owns orders/0
      consumer-0 commits orders/0@1
      consumer-0 processes orders/0@1..3
      consumer-0 commits orders/0@4
      offset-set orders/0@1
      consumer-0 owns orders/0 gen=2
      consumer-0 processes orders/0@1..3
      consumer-0 commits orders/0@4
      end`
    expect(see('lost-record', history)).toHaveLength(1)
  })
})

test('lost-record: the effect of a record may be the last step of another group', () => {
  const history = `
    topic orders
    topic results
    append orders/0@0..1
    append results/0@0
    payments-0 start
    payments-0 subscribes orders group=payments
    payments-0 owns orders/0 group=payments
    payments-0 gets orders/0@0 group=payments
    payments-0 ends orders/0@0 group=payments
    payments-0 gets orders/0@1 group=payments
    payments-0 ends orders/0@1 group=payments
    payments-0 commits orders/0@2 group=payments
    orders-0 start
    orders-0 subscribes results group=orders
    orders-0 owns results/0 group=orders
    orders-0 gets results/0@0 group=orders
    orders-0 effect results/0@0
    orders-0 effect orders/0@0
    orders-0 ends results/0@0 group=orders
    orders-0 commits results/0@1 group=orders
    drain
    end`
  const lost = see('lost-record', history, { effects: 'reported' })
  expect(lost.map(({ about }) => about?.records)).toEqual([['orders/0@1']])
})

test('lost-record: an effect counts for a record that an election took away and brought back', () => {
  const history = `${START}
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0..3
    consumer-0 commits orders/0@4
    truncated orders/0@3
    append orders/0@3 again=yes
    end`
  expect(sentences('lost-record', history)).toEqual([])
  expect(see('lost-record', history.replace(' again=yes', ''))).toHaveLength(1)
})

describe('lost-record: a message that was sent twice', () => {
  const identity: TestSetting['identity'] = ({ value }) => value ?? ''
  const before = `
    topic orders
    append orders/0@0 value=cart-1
    consumer-0 start
    consumer-0 subscribes orders
    consumer-0 owns orders/0`
  const again = 'append orders/0@1 value=cart-1'
  const end = `
    consumer-0 gets orders/0@1
    consumer-0 ends orders/0@1
    consumer-0 commits orders/0@2
    end`

  test.each([
    ['after its effect', `${before}\nconsumer-0 processes orders/0@0\n${again}${end}`],
    ['before its effect', `${before}\n${again}\nconsumer-0 processes orders/0@0${end}`],
  ])('owes one effect: %s', (_, history) => {
    expect(sentences('lost-record', history, { identity })).toEqual([])
    expect(sentences('lost-record', history)).toEqual([
      'orders/0@1 was never processed: consumer-0 had committed offset 2',
    ])
  })

  test('is forgotten where another stands in its place', () => {
    const history = `
      topic orders
      append orders/0@0 value=cart-1
      append orders/0@1 value=cart-1
      consumer-0 start
      consumer-0 subscribes orders
      consumer-0 owns orders/0
      truncated orders/0@1
      append orders/0@1 value=cart-2
      consumer-0 processes orders/0@0
      consumer-0 commits orders/0@2
      end`
    expect(sentences('lost-record', history, { identity })).toEqual([
      'orders/0@1 was never processed: consumer-0 had committed offset 2',
    ])
  })

  test('owes one effect, also where an election brought the record back that has it', () => {
    const back = `truncated orders/0@0\nappend orders/0@0 value=cart-1 again=yes\n${again}`
    const history = `${before}\nconsumer-0 processes orders/0@0\n${back}${end}`
    expect(sentences('lost-record', history, { identity })).toEqual([])
  })

  test('is lost where none of its records has an effect', () => {
    const history = `${before}\n${again}\nconsumer-0 gets orders/0@0\nconsumer-0 ends orders/0@0${end}`
    expect(sentences('lost-record', history, { identity })).toHaveLength(1)
  })

  test('is done where the record with its effect was cut off since', () => {
    const history = `${before}
      consumer-0 processes orders/0@0
      truncated orders/0@0
      append orders/0@0 value=cart-1
      consumer-0 commits orders/0@1
      end`
    expect(see('lost-record', history, { identity })).toEqual([])
  })

  test('is lost where one of its records was given up and the other has no effect', () => {
    const history = `${before}\n${again}\nconsumer-0 skips orders/0@0${end}`
    const found = see('lost-record', history, { identity })
    expect(found.map(({ about }) => about?.records)).toEqual([['orders/0@1']])
  })

  test('owes one effect in each group', () => {
    const two = `
      topic orders
      append orders/0@0 value=cart-1
      consumer-0 start
      consumer-0 subscribes orders
      consumer-0 owns orders/0
      other-0 start
      other-0 subscribes orders group=others
      other-0 owns orders/0 group=others
      consumer-0 processes orders/0@0
      other-0 processes orders/0@0 group=others
      ${again}
      other-0 gets orders/0@1 group=others
      other-0 ends orders/0@1 group=others
      other-0 commits orders/0@2 group=others${end}`
    expect(sentences('lost-record', two, { identity })).toEqual([])
    const one = two.replace('other-0 processes orders/0@0 group=others', '')
    const found = see('lost-record', one, { identity })
    expect(new Set(found.map(({ about }) => about?.group))).toEqual(new Set(['others']))
  })

  test('is not what stands where one of its records was lost', () => {
    const history = `
      topic orders
      append orders/0@0 value=cart-1
      consumer-0 start
      consumer-0 subscribes orders
      consumer-0 owns orders/0
      truncated orders/0@0
      append orders/0@0 value=cart-2
      append orders/0@1 value=cart-1
      consumer-0 processes orders/0@0${end}`
    const found = see('lost-record', history, { identity })
    expect(found.map(({ about }) => about?.records)).toEqual([['orders/0@1']])
  })

  test('is not done in another topic by its effect in this one', () => {
    const history = `${before}
      topic bills
      append bills/0@0 value=cart-1
      consumer-0 subscribes orders,bills
      consumer-0 owns bills/0
      consumer-0 processes orders/0@0
      consumer-0 commits orders/0@1
      consumer-0 commits bills/0@1
      end`
    const setting = { identity, consumed: ['orders', 'bills'] }
    expect(see('lost-record', history, setting)).toHaveLength(1)
  })
})

test('out-of-order: a message that was sent again has no second place', () => {
  const history = `
    topic orders
    append orders/0@0 value=cart-1
    append orders/0@1 value=cart-2
    append orders/0@2 value=cart-1
    consumer-0 owns orders/0
    consumer-0 processes orders/0@0..1`
  const identity: TestSetting['identity'] = ({ value }) => value ?? ''
  const guarantee = atLeastOnce({ order: 'partition' })
  expect(see('out-of-order', history, { guarantee, identity })).toEqual([])
})
