import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../core/history.ts'
import { decodeAssignment, encodeAssignment } from '../kafka/index.ts'
import { Assignments } from './assignments.ts'

type OwnerOfPartitions = readonly [process: string, incarnation: number, ...partitions: number[]]

/** The assignments of a simulated run's generation 1. */
function simulated(owners: readonly OwnerOfPartitions[]): Assignments {
  return new Assignments(
    owners.map(
      ([process, incarnation, ...partitions], seq): HistoryEvent => ({
        kind: 'assigned',
        group: 'billing',
        memberId: `${process}-a`,
        generation: 1,
        partitions: partitions.map((partition) => ({ topic: 'orders', partition })),
        process,
        incarnation,
        seq,
        timeUs: 0,
      }),
    ),
  )
}

const members = new Map([
  ['x', { process: 'consumer-0', incarnation: 1 }],
  ['y', { process: 'consumer-1', incarnation: 1 }],
])
const two = simulated([
  ['consumer-0', 1, 0],
  ['consumer-1', 1, 1],
])

/** The shares that go on to the broker; undefined: as the leader gave them. */
function amended(
  assignments: Assignments,
  shares: readonly [string, number][],
  { generationId = 1, of = members }: { generationId?: number; of?: typeof members } = {},
): unknown {
  const body = assignments.amended(
    {
      groupId: 'billing',
      generationId,
      assignments: shares.map(([memberId, partition]) => ({
        memberId,
        assignment: encodeAssignment([{ topic: 'orders', partitions: [partition] }]),
      })),
    },
    of,
  )
  return body?.assignments.map(({ memberId, assignment }) => [
    memberId,
    decodeAssignment(assignment)?.[0]?.partitions,
  ])
}

describe('the shares of a leader', () => {
  it('change hands where other processes had them in the simulated run', () => {
    const given: [string, number][] = [
      ['x', 1],
      ['y', 0],
    ]
    expect(amended(two, given)).toEqual([
      ['x', [0]],
      ['y', [1]],
    ])
  })

  it('change hands, too, where a leader leaves out who gets nothing', () => {
    const alone = simulated([
      ['consumer-0', 1, 0],
      ['consumer-1', 1],
    ])
    expect(amended(alone, [['y', 0]])).toEqual([['x', [0]]])
  })

  it('go to the incarnation that had them', () => {
    const both = simulated([
      ['consumer-0', 1, 0],
      ['consumer-0', 2],
    ])
    const of = new Map([
      ['dead', { process: 'consumer-0', incarnation: 1 }],
      ['next', { process: 'consumer-0', incarnation: 2 }],
    ])
    expect(amended(both, [['next', 0]], { of })).toEqual([['dead', [0]]])
  })

  it('stay where they are other ones, of another generation, or of members that nobody knows', () => {
    const given: [string, number][] = [
      ['x', 1],
      ['y', 2],
    ]
    expect(amended(two, given)).toBeUndefined()
    const swapped: [string, number][] = [
      ['x', 1],
      ['y', 0],
    ]
    expect(amended(two, swapped, { generationId: 2 })).toBeUndefined()
    const of = new Map([...members, ['z', { process: 'consumer-2', incarnation: 1 }]])
    expect(amended(two, swapped, { of })).toBeUndefined()
  })
})
