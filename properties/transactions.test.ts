import { describe, expect, test } from 'vitest'
import { exactlyOnce } from './models.ts'
import { see, sentences, verdict } from './testing/check.ts'

describe('aborted-read', () => {
  const START = `
    topic orders
    append orders/0@0 tx=7
    append orders/0@1`

  test('a record of an aborted transaction is delivered', () => {
    const history = `${START}
      marker orders/0@2 tx=7 abort
      consumer-0 gets orders/0@0`
    expect(sentences('aborted-read', history)).toEqual([
      'consumer-0 was given orders/0@0 of an aborted transaction',
    ])
    expect(see('aborted-read', history)[0]?.events).toEqual([1, 3, 4])
  })

  test('a record beyond the last stable offset is delivered, even one without a transaction', () => {
    expect(sentences('aborted-read', `${START}\nconsumer-0 gets orders/0@1`)).toEqual([
      'consumer-0 was given orders/0@1 before the transactions below it were decided',
    ])
  })

  test('silent about committed records, and about others after an abort', () => {
    expect(
      see('aborted-read', `${START}\nmarker orders/0@2 tx=7 commit\nconsumer-0 batch orders/0@0..1`),
    ).toEqual([])
    expect(see('aborted-read', `${START}\nmarker orders/0@2 tx=7 abort\nconsumer-0 gets orders/0@1`)).toEqual(
      [],
    )
  })

  test('each record is reported once', () => {
    expect(
      see('aborted-read', `${START}\nconsumer-0 gets orders/0@1\nconsumer-1 gets orders/0@1`),
    ).toHaveLength(1)
    expect(
      see('aborted-read', `${START}\nconsumer-0 gets orders/0@0\nconsumer-0 gets orders/0@1`),
    ).toHaveLength(2)
    expect(see('aborted-read', 'consumer-0 gets unknown/0@0')).toEqual([])
  })

  test('only exactly once needs read_committed', () => {
    const history = `${START}\nconsumer-0 gets orders/0@0`
    expect(verdict(history, { guarantee: exactlyOnce() }).online?.property).toBe('aborted-read')
    expect(verdict(history).properties['aborted-read']).toBe(undefined)
  })
})

describe('torn-transaction', () => {
  const guarantee = exactlyOnce()
  const claimed = exactlyOnce({ outputs: ['totals'] })
  const START = `
    topic orders
    topic totals
    append orders/0@0
    consumer-0 owns orders/0
    consumer-0 gets orders/0@0
    transaction began tx=7 by=consumer-0
    append totals/0@0 tx=7 by=consumer-0`

  test('committed, its offsets refused', () => {
    const history = `${START}
      consumer-0 commits orders/0@1 tx=7 phase=rejected
      marker totals/0@1 tx=7 commit
      transaction committed tx=7 by=consumer-0
      end`
    expect(sentences('torn-transaction', history, { guarantee })).toEqual([
      'the transaction of tid was committed without offset 1 of orders/0, which was refused (ILLEGAL_GENERATION)',
    ])
  })

  test('committed, an output hidden', () => {
    const history = `${START}
      consumer-0 commits orders/0@1 tx=7
      transaction committed tx=7 by=consumer-0
      end`
    expect(sentences('torn-transaction', history, { guarantee })).toEqual([
      'the transaction of tid was committed, and totals/0@0 of it is not visible',
    ])
  })

  test('aborted, an output visible', () => {
    const history = `${START}
      marker totals/0@1 tx=7 commit
      transaction aborted tx=7 by=consumer-0
      end`
    expect(sentences('torn-transaction', history, { guarantee })).toEqual([
      'the transaction of tid was aborted, and totals/0@0 of it is visible',
    ])
  })

  test('aborted, while auto commit went on beside it', () => {
    const history = `${START}
      consumer-0 commits orders/0@1
      marker totals/0@1 tx=7 abort
      transaction aborted tx=7 by=consumer-0
      end`
    expect(sentences('torn-transaction', history, { guarantee })).toEqual([
      'the transaction of tid was aborted, but consumer-0 had committed offset 1 of orders/0 beside it',
    ])
  })

  test('where output topics are claimed: outputs without offsets, and outside any transaction', () => {
    const history = `${START}
      append totals/0@1 by=consumer-0
      marker totals/0@2 tx=7 commit
      transaction committed tx=7 by=consumer-0
      end`
    expect(sentences('torn-transaction', history, { guarantee: claimed })).toEqual([
      'the transaction of tid made its outputs visible without any input offset',
      'consumer-0 wrote totals/0@1 outside any transaction',
    ])
    expect(see('torn-transaction', history, { guarantee })).toEqual([])
  })

  test('silent about outputs in another cluster, where no transaction can hold input offsets', () => {
    const history = `
      topic a:orders partitions=1
      topic b:totals partitions=1
      append a:orders/0@0
      consumer-0 start
      consumer-0 subscribes a:orders group=a:g
      consumer-0 gets a:orders/0@0 group=a:g
      transaction began tx=7 by=consumer-0
      append b:totals/0@0 by=consumer-0 tx=7
      marker b:totals/0@1 tx=7 commit
      transaction committed tx=7 by=consumer-0
      end`
    const guarantee = exactlyOnce({ outputs: ['b:totals'] })
    expect(sentences('torn-transaction', history, { guarantee })).toEqual([])
    const inside = history.replaceAll('a:', 'b:')
    expect(sentences('torn-transaction', inside, { guarantee })).toEqual([
      'the transaction of tid made its outputs visible without any input offset',
    ])
  })

  test("silent about what is not seen to its end, has no outputs, or is somebody else's", () => {
    expect(
      see('torn-transaction', `${START}\nmarker totals/0@1 tx=7 abort\nend`, { guarantee: claimed }),
    ).toEqual([])
    expect(
      see(
        'torn-transaction',
        `${START}\nmarker totals/0@1 tx=7 abort\ntransaction committed tx=7 by=consumer-0`,
      ),
    ).toEqual([])
    const noOutputs = `
      transaction began tx=7 by=consumer-0
      transaction committed tx=7 by=consumer-0
      append totals/0@0 by=consumer-0
      end`
    expect(see('torn-transaction', noOutputs, { guarantee: claimed })).toEqual([])
    const another = `${START}
      consumer-1 commits orders/1@1
      consumer-0 commits orders/0@1 phase=rejected
      marker totals/0@1 tx=7 abort
      transaction aborted tx=7 by=consumer-0
      consumer-0 commits orders/0@1
      end`
    expect(see('torn-transaction', another, { guarantee: claimed })).toEqual([])
  })

  test('each partition has a marker of its own', () => {
    const history = `${START}
      append totals/1@0 tx=7 by=consumer-0
      consumer-0 commits orders/0@1 tx=7
      marker totals/0@1 tx=7 commit
      transaction committed tx=7 by=consumer-0
      end`
    expect(sentences('torn-transaction', history, { guarantee })).toEqual([
      'the transaction of tid was committed, and totals/1@0 of it is not visible',
    ])
  })

  test('silent about whole transactions, committed or aborted', () => {
    const committed = `${START}
      consumer-0 commits orders/0@1 tx=7
      marker totals/0@1 tx=7 commit
      transaction committed tx=7 by=consumer-0
      end`
    expect(see('torn-transaction', committed, { guarantee: claimed })).toEqual([])
    const aborted = `${START}
      consumer-0 commits orders/0@1 tx=7
      marker totals/0@1 tx=7 abort
      transaction aborted tx=7 by=consumer-0
      end`
    expect(see('torn-transaction', aborted, { guarantee: claimed })).toEqual([])
  })

  test('an input covered by a committed transaction is processed, one of an aborted transaction is not', () => {
    const cover = (outcome: string): string => `
      topic orders
      append orders/0@0..1
      consumer-0 owns orders/0
      consumer-0 batch orders/0@0..1
      transaction began tx=7 by=consumer-0
      consumer-0 commits orders/0@2 tx=7
      transaction ${outcome} tx=7 by=consumer-0
      consumer-0 batch-ends orders/0@0..1
      consumer-0 commits orders/0@2
      end`
    expect(see('lost-record', cover('committed'), { guarantee: claimed })).toEqual([])
    expect(see('lost-record', cover('aborted'), { guarantee: claimed })).toHaveLength(1)
  })
})
