import { describe, expect, it } from 'vitest'
import type { EventOf } from '../core/history.ts'
import { itemOf, type OrderItem, receivedItem, waitsFor } from './order.ts'

type RequestParts = Pick<EventOf<'request'>, 'phase' | 'error'> & {
  readonly api: string
  readonly process?: string
}

const request = ({ process = 'consumer-0', ...its }: RequestParts) =>
  itemOf({
    kind: 'request',
    ordinal: 3,
    broker: 'broker-0',
    process,
    incarnation: 1,
    seq: 0,
    timeUs: 0,
    ...its,
  })

const heartbeat = (its: Omit<RequestParts, 'api'>) => request({ ...its, api: 'Heartbeat' })

describe('a request for committed offsets', () => {
  const at = { process: 'consumer-0', ordinal: 1 }
  const fetch = receivedItem({ ...at, api: 'OffsetFetch' })
  const commit = receivedItem({ ...at, api: 'OffsetCommit' })
  const work: OrderItem = {
    name: 'consumer-0 process end orders/0@0',
    process: 'consumer-0',
    place: 'orders/0',
  }
  const waits = (later: OrderItem | null, earlier: OrderItem | null): boolean =>
    later !== null && earlier !== null && waitsFor(later, earlier)

  it('waits for a commit, as a commit for it, and neither for work nor with work for it', () => {
    expect(waits(fetch, commit)).toBe(true)
    expect(waits(commit, fetch)).toBe(true)
    expect(waits(fetch, work)).toBe(false)
    expect(waits(work, fetch)).toBe(false)
  })

  it('goes on at once when it comes, and is done in the order in which such requests were', () => {
    expect(fetch).toMatchObject({ free: true })
    const applied = request({ api: 'OffsetFetch', phase: 'applied', error: null })
    expect(waits(applied, fetch)).toBe(true)
    expect(applied).not.toHaveProperty('free')
  })

  it.each([
    ['TxnOffsetCommit', true],
    ['EndTxn', true],
    ['OffsetCommit', false],
  ])('of another process has its place before %s: %s', (api, expected) => {
    const other = receivedItem({ process: 'consumer-1', api, ordinal: 1 })
    expect(waits(other, fetch)).toBe(expected)
    expect(waits(other, work)).toBe(false)
  })

  it('and a commit have no place where they are only sent', () => {
    for (const api of ['OffsetFetch', 'OffsetCommit'])
      expect(request({ api, phase: 'sent', error: null })).toBeNull()
  })
})

describe('a heartbeat that tells of a rebalance', () => {
  const commit = receivedItem({ process: 'consumer-0', api: 'OffsetCommit', ordinal: 1 })
  const fetch = receivedItem({ process: 'consumer-0', api: 'OffsetFetch', ordinal: 1 })

  it('has none before a request for committed offsets', () => {
    const told = heartbeat({ phase: 'acknowledged', error: 'REBALANCE_IN_PROGRESS' })
    expect(told !== null && fetch !== null && waitsFor(fetch, told)).toBe(false)
  })

  it.each([
    ['its own process', 'consumer-0', true],
    ['another one', 'consumer-1', false],
  ])('has a place before a commit of %s: %s', (_title, process, waits) => {
    const told = heartbeat({ phase: 'acknowledged', error: 'REBALANCE_IN_PROGRESS', process })
    expect(told !== null && commit !== null && waitsFor(commit, told)).toBe(waits)
  })

  it('has none before it is heard, and where it tells of nothing', () => {
    expect(heartbeat({ phase: 'applied', error: 'REBALANCE_IN_PROGRESS' })).toBeNull()
    expect(heartbeat({ phase: 'acknowledged', error: null })).toBeNull()
    expect(heartbeat({ phase: 'acknowledged', error: 'UNKNOWN_MEMBER_ID' })).toBeNull()
  })
})
