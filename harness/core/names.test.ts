import { describe, expect, it } from 'vitest'
import { earlierNames, parseEventName, parseOccurrence, printed, renamedEvent } from './event-names.ts'
import { definitionOf, type FaultKind } from './fault.ts'
import { parseLinkName, parseRequestName, renamedId } from './names.ts'

const NAMES = [
  'orders/1@7 appended',
  'consumer-0 OffsetCommit#2 applied',
  'consumer-0 db COMMIT#2 applied',
  'consumer-1 mail POST /send#1 sent',
  'consumer-0 process start orders/1@7',
  'consumer-0 process fail orders/1@7',
  'consumer-0 batch end orders/1@7',
  'consumer-0 resolve orders/1@7',
  'consumer-0 effect orders.retry/1@9007199254740993',
  'consumer-0 assigned my group#3#12',
  'consumer-0 assigned billing#-1',
  'consumer-0 start',
  'consumer-0 consumer crash',
  'billing rebalance',
  'billing generation 12',
  'tx of consumer-0 prepare-commit',
]

describe('names of events', () => {
  it.each(NAMES)('%s: parsed and printed', (name) => {
    const parsed = parseEventName(name)
    expect(parsed === null ? null : printed(parsed)).toBe(name)
  })

  it.each(['', 'consumer-0', 'orders/1@7', 'consumer-0 OffsetCommit#2 forgotten', 'something else'])(
    "'%s' is none",
    (text) => {
      expect(parseEventName(text)).toBeNull()
    },
  )

  it('an occurrence stands behind the name', () => {
    expect(parseOccurrence('billing rebalance (12)')).toEqual({ name: 'billing rebalance', occurrence: 12 })
  })

  it('earlier ones have lower numbers, of requests and generations first, then of occurrences', () => {
    expect(earlierNames('consumer-0 OffsetCommit#3 sent')).toEqual([
      'consumer-0 OffsetCommit#2 sent',
      'consumer-0 OffsetCommit#1 sent',
    ])
    expect(earlierNames('consumer-0 assigned my#9#2 (2)')).toEqual([
      'consumer-0 assigned my#9#1 (2)',
      'consumer-0 assigned my#9#2',
    ])
    expect(earlierNames('consumer-0 db COMMIT#2 sent')).toEqual(['consumer-0 db COMMIT#1 sent'])
    expect(earlierNames('consumer-0 process end orders/0@3')).toEqual([])
  })
})

describe('renaming', () => {
  const renaming = {
    process: (name: string) => (name === 'consumer-1' ? 'consumer-0' : name),
    record: (at: { topic: string; partition: number; offset: bigint }) => ({ ...at, offset: at.offset - 1n }),
    partition: (at: { topic: string; partition: number }) => ({ ...at, partition: 0 }),
  }
  const renamed = (kind: FaultKind, target: string): string =>
    definitionOf(kind).target.renamed(target, renaming)

  it('goes by what a part of a name is', () => {
    expect(renamedEvent('consumer-1 process end orders/1@7 (2)', renaming)).toBe(
      'consumer-0 process end orders/1@6 (2)',
    )
    expect(renamedEvent('tx-of-consumer-1 began', renaming)).toBe('tx-of-consumer-0 began')
  })

  it('goes by what a target is, not by what it looks like', () => {
    expect(renamed('unclean-election', 'orders/1')).toBe('orders/0')
    expect(renamed('coordinator-moved', 'orders/1')).toBe('orders/1')
    expect(renamed('topic-recreated', 'consumer-1')).toBe('consumer-1')
    expect(renamed('link-cut', 'broker-0>consumer-1')).toBe('broker-0>consumer-0')
    expect(renamed('answer-lost', 'consumer-1 Fetch#3')).toBe('consumer-0 Fetch#3')
  })

  it('knows the process that a target belongs to', () => {
    expect(definitionOf('link-cut').target.processOf?.('broker-0>consumer-1')).toBe('consumer-1')
    expect(definitionOf('leader-moved').target.processOf?.('orders/1')).toBeUndefined()
  })
})

it('names of links and requests have both ends', () => {
  expect(parseLinkName('consumer-0~broker-1')).toEqual({ from: 'consumer-0', to: 'broker-1', oneWay: false })
  expect(parseLinkName('consumer-0')).toBeNull()
  expect(parseRequestName('consumer-0 Fetch#3')).toEqual({ process: 'consumer-0', api: 'Fetch', ordinal: 3 })
})

describe('an id with the name of an instance in it', () => {
  const ofOrderRelay = (name: string): string => (name === 'order-relay-1' ? 'order-relay-0' : name)
  const ofRelay = (name: string): string => (name === 'relay-1' ? 'relay-0' : name)

  it.each([
    ['order-relay-1', 'order-relay-0', 'order-relay-0'],
    ['tx-of-order-relay-1', 'tx-of-order-relay-0', 'tx-of-order-relay-0'],
    ['relay-1-7', 'relay-1-7', 'relay-0-7'],
    ['relay-1-relay-1', 'relay-1-relay-1', 'relay-0-relay-0'],
    ['billing', 'billing', 'billing'],
  ])('%s follows it', (id, asOrderRelay, asRelay) => {
    expect([renamedId(id, ofOrderRelay), renamedId(id, ofRelay)]).toEqual([asOrderRelay, asRelay])
  })
})
