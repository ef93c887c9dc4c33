import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../core/history.ts'
import { type Body, decodeAssignment, encodeAssignment } from '../kafka/index.ts'
import { Assignments } from './assignments.ts'

const assigned = (process: string, partition: number, seq: number): HistoryEvent => ({
  kind: 'assigned',
  group: 'billing',
  memberId: `${process}-a`,
  generation: 1,
  partitions: [{ topic: 'orders', partition }],
  process,
  incarnation: 1,
  seq,
  timeUs: 0,
})
const assignments = new Assignments([assigned('consumer-0', 0, 0), assigned('consumer-1', 1, 1)])
const processes = new Map([
  ['x', 'consumer-0'],
  ['y', 'consumer-1'],
])

function sync(generationId: number, shares: readonly [string, number][]): Body {
  return {
    groupId: 'billing',
    generationId,
    assignments: shares.map(([memberId, partition]) => ({
      memberId,
      assignment: encodeAssignment([{ topic: 'orders', partitions: [partition] }]),
    })),
  }
}

function amended(request: Body): unknown {
  const body = assignments.amended(request, (memberId) => processes.get(memberId))
  return (body?.['assignments'] as Body[] | undefined)?.map((each) => [
    each['memberId'],
    decodeAssignment(each['assignment'] as Buffer)?.[0]?.partitions,
  ])
}

describe('the shares of a leader', () => {
  it('change hands where other processes had them in the simulated run', () => {
    expect(
      amended(
        sync(1, [
          ['x', 1],
          ['y', 0],
        ]),
      ),
    ).toEqual([
      ['x', [0]],
      ['y', [1]],
    ])
  })

  it('stay where they are other ones, or of another generation', () => {
    expect(
      amended(
        sync(1, [
          ['x', 1],
          ['y', 2],
        ]),
      ),
    ).toBeUndefined()
    expect(
      amended(
        sync(2, [
          ['x', 1],
          ['y', 0],
        ]),
      ),
    ).toBeUndefined()
  })
})
