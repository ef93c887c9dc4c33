import { describe, expect, it } from 'vitest'
import type { EventOf } from '../core/history.ts'
import { itemOf, receivedItem, waitsFor } from './order.ts'

type Heartbeat = Pick<EventOf<'request'>, 'phase' | 'error'> & { readonly process?: string }

const heartbeat = ({ process = 'consumer-0', ...its }: Heartbeat) =>
  itemOf({
    kind: 'request',
    api: 'Heartbeat',
    ordinal: 3,
    broker: 'broker-0',
    process,
    incarnation: 1,
    seq: 0,
    timeUs: 0,
    ...its,
  })

describe('a heartbeat that tells of a rebalance', () => {
  const commit = receivedItem({ process: 'consumer-0', api: 'OffsetCommit', ordinal: 1 })

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
  })
})
