import { describe, expect, it } from 'vitest'
import { createStream } from '../../../../core/seed.ts'
import {
  type Assignment,
  assignmentOf,
  NO_PARTITIONS,
  pairsOf,
  sizeOf,
  toTopicPartitions,
} from '../assignment.ts'
import type { AssignedMember, GroupToAssign } from './assignor.interface.ts'
import { ASSIGNORS } from './index.ts'

const COUNTS: Record<string, number> = { t1: 3, t2: 3, t3: 5 }

function group(
  members: Record<string, { topics: string[]; instanceId?: string; target?: Assignment }>,
  counts = COUNTS,
): GroupToAssign {
  const entries = Object.entries(members).map(
    ([id, { topics, instanceId = null, target = NO_PARTITIONS }]): [string, AssignedMember] => [
      id,
      { topics: new Set(topics), instanceId, target },
    ],
  )
  const [first] = entries
  const homogeneous = entries.every(
    ([, { topics }]) => String([...topics]) === String([...(first?.[1].topics ?? [])]),
  )
  return { members: new Map(entries), homogeneous, partitionsOf: (id) => counts[id] ?? 0 }
}

function assign(name: string, to: GroupToAssign): Record<string, string> {
  const assigned = ASSIGNORS.get(name)?.(to) ?? new Map<string, Assignment>()
  return Object.fromEntries(
    [...assigned].map(([id, assignment]) => [
      id,
      toTopicPartitions(assignment)
        .map(({ topicId, partitions }) => `${topicId}:${partitions}`)
        .join(' '),
    ]),
  )
}

describe('range', () => {
  it('gives consecutive partitions, the same of each topic, by member id', () => {
    const both = { topics: ['t1', 't2'] }
    expect(assign('range', group({ b: both, a: both }))).toEqual({ a: 't1:0,1 t2:0,1', b: 't1:2 t2:2' })
  })

  it('puts static members first, by instance id', () => {
    const topics = ['t1']
    const members = { a: { topics }, z: { topics, instanceId: 'i2' }, y: { topics, instanceId: 'i3' } }
    expect(assign('range', group(members, { t1: 2 }))).toEqual({ z: 't1:0', y: 't1:1', a: '' })
  })

  it('counts only those that subscribe to a topic', () => {
    const members = { a: { topics: ['t1'] }, b: { topics: ['t1', 't3'] } }
    expect(assign('range', group(members))).toEqual({ a: 't1:0,1', b: 't1:2 t3:0,1,2,3,4' })
  })
})

describe('uniform', () => {
  it('moves no more than balance asks for', () => {
    const topics = ['t3']
    const had = (...partitions: number[]): Assignment =>
      assignmentOf(partitions.map((partition) => ['t3', partition] as [string, number]))
    const members = {
      a: { topics, target: had(0, 1, 2) },
      b: { topics, target: had(3, 4) },
      c: { topics },
    }
    expect(assign('uniform', group(members))).toEqual({ a: 't3:0,1', b: 't3:3,4', c: 't3:2' })
  })

  it('leaves the partition more with who has it already', () => {
    const topics = ['t1']
    const had = (...partitions: number[]): Assignment =>
      assignmentOf(partitions.map((partition) => ['t1', partition] as [string, number]))
    const members = { a: { topics, target: had(0) }, b: { topics, target: had(1, 2) } }
    expect(assign('uniform', group(members))).toEqual({ a: 't1:0', b: 't1:1,2' })
  })

  it('with different subscriptions: everything is assigned once, to subscribers, and balanced as far as can be', () => {
    const random = createStream('uniform')
    for (let round = 0; round < 60; round += 1) {
      const counts = Object.fromEntries(['p', 'q', 'r', 's'].map((id) => [id, random.between(1, 9)]))
      let members: Parameters<typeof group>[0] = {}
      const size = random.between(2, 7)
      for (let index = 0; index < size; index += 1) {
        const topics = Object.keys(counts).filter(() => random.oneIn(2, 3))
        members[`m${index}`] = { topics: topics.length > 0 ? topics : ['p'] }
      }
      for (let rebalance = 0; rebalance < 3; rebalance += 1) {
        const to = { ...group(members, counts), homogeneous: false }
        const assigned = ASSIGNORS.get('uniform')?.(to) ?? new Map<string, Assignment>()
        const all = [...assigned.values()].flatMap((each) => [...pairsOf(each)].map(String))
        const wanted = Object.entries(counts)
          .filter(([id]) => Object.values(members).some(({ topics }) => topics.includes(id)))
          .reduce((sum, [, count]) => sum + count, 0)
        expect(new Set(all).size).toBe(all.length)
        expect(all).toHaveLength(wanted)
        for (const [id, assignment] of assigned)
          for (const [topic] of pairsOf(assignment)) expect(members[id]?.topics).toContain(topic)
        for (const [giver, own] of assigned)
          for (const [taker, other] of assigned)
            for (const [topic] of pairsOf(own))
              if (members[taker]?.topics.includes(topic) && giver !== taker)
                expect(sizeOf(own) - sizeOf(other)).toBeLessThanOrEqual(1)
        const left = Object.keys(members).filter(() => random.oneIn(3, 4))
        members = Object.fromEntries(
          left.map((id) => [
            id,
            { topics: members[id]?.topics ?? [], target: assigned.get(id) ?? NO_PARTITIONS },
          ]),
        )
        if (left.length === 0) break
      }
    }
  })
})
