import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../core/history.ts'
import type { RequestBody } from '../kafka/index.ts'
import { FetchOrder } from './fetch-order.ts'

type FetchPlace = readonly [topic: string, partition: number, fetchOffset: bigint]
const by = { process: 'consumer-0', incarnation: 1 }

/** A simulated run whose only process got these in one answer. */
function simulated(...brought: readonly FetchPlace[]): FetchOrder {
  return new FetchOrder(answered(...brought))
}

function answered(...brought: readonly FetchPlace[]): HistoryEvent[] {
  const at = { ...by, timeUs: 0, seq: 0, broker: 'broker-0' }
  const fetched = brought.map(([topic, partition, fetchOffset]): HistoryEvent => {
    const ends = { highWatermark: 9n, lastStableOffset: 9n, firstOffset: fetchOffset, lastOffset: 9n }
    return { kind: 'fetched', topic, partition, fetchOffset, ...ends, ...at }
  })
  const applied = { kind: 'request', api: 'Fetch', ordinal: 1, phase: 'applied', error: null, ...at } as const
  return [...fetched, applied]
}

/** The request that goes on to the broker; undefined: as the client asked. */
function amended(
  order: FetchOrder,
  asked: readonly FetchPlace[],
  process = 'consumer-0',
  incarnation = 1,
): unknown {
  const topics = asked.map(([topic, partition, fetchOffset]) => ({
    topic,
    topicId: '',
    partitions: [{ partition, fetchOffset }],
  }))
  const body = order.amended(
    { topics: topics as unknown as RequestBody<'Fetch'>['topics'] },
    { process, incarnation },
    ({ topic }) => topic,
  )
  return body?.topics.map(({ topic, partitions }) => [topic, ...partitions.map((each) => each.partition)])
}

describe('the partitions of a Fetch', () => {
  it('are asked for in the order in which the simulated run got them', () => {
    const order = simulated(['lines', 1, 0n], ['lines', 0, 4n])
    expect(
      amended(order, [
        ['lines', 0, 4n],
        ['lines', 2, 0n],
        ['lines', 1, 0n],
      ]),
    ).toEqual([['lines', 1, 0, 2]])
  })

  it('of a topic that stands on both sides of another: it is named twice', () => {
    const order = simulated(['a', 0, 0n], ['b', 0, 0n], ['a', 1, 0n])
    expect(
      amended(order, [
        ['a', 0, 0n],
        ['a', 1, 0n],
        ['b', 0, 0n],
      ]),
    ).toEqual([
      ['a', 0],
      ['b', 0],
      ['a', 1],
    ])
  })

  it('stay where they are in that order, from other offsets, or of another process', () => {
    const order = simulated(['lines', 1, 0n], ['lines', 0, 4n])
    expect(
      amended(order, [
        ['lines', 1, 0n],
        ['lines', 0, 4n],
      ]),
    ).toBeUndefined()
    expect(
      amended(order, [
        ['lines', 0, 3n],
        ['lines', 1, 0n],
      ]),
    ).toBeUndefined()
    expect(
      amended(
        order,
        [
          ['lines', 0, 4n],
          ['lines', 1, 0n],
        ],
        'consumer-1',
      ),
    ).toBeUndefined()
  })

  it('are looked for in each answer by itself: one with a single partition has no order', () => {
    const first: FetchPlace = ['lines', 1, 0n]
    const second: FetchPlace[] = [
      ['lines', 1, 2n],
      ['lines', 0, 4n],
    ]
    const order = new FetchOrder([...answered(first), ...answered(...second)])
    expect(amended(order, [['lines', 0, 4n], first])).toBeUndefined()
    expect(amended(order, second.toReversed())).toEqual([['lines', 1, 0]])
  })

  it('stay as they are in the next incarnation of the process', () => {
    const order = simulated(['lines', 1, 0n], ['lines', 0, 4n])
    const asked: FetchPlace[] = [
      ['lines', 0, 4n],
      ['lines', 1, 0n],
    ]
    expect(amended(order, asked, 'consumer-0', 2)).toBeUndefined()
  })
})
