import { describe, expect, it } from 'vitest'
import { keyOf, type TopicPartition } from '../partition.ts'
import type { ClientAssignor, MemberSubscription } from './assignor.interface.ts'
import { ASSIGNORS } from './index.ts'

const { range, roundrobin, sticky, 'cooperative-sticky': cooperative } = ASSIGNORS

function member(memberId: string, topics: string, owned = '', generation = 1): MemberSubscription {
  return { memberId, instanceId: null, topics: topics.split(' '), owned: parsed(owned), generation }
}

function parsed(text: string): TopicPartition[] {
  return text.split(' ').flatMap((each) => {
    const [, topic, partition] = /^(.+)-(\d+)$/.exec(each) ?? []
    return topic === undefined ? [] : [{ topic, partition: Number(partition) }]
  })
}

function given(
  assignor: ClientAssignor,
  members: readonly MemberSubscription[],
  partitions: Readonly<Record<string, number>>,
): Record<string, string> {
  const assignment = assignor.assign(members, new Map(Object.entries(partitions)))
  return Object.fromEntries(
    [...assignment].map(([memberId, list]) => [memberId, list.map(keyOf).sort().join(' ')]),
  )
}

describe('assignors, with the examples of their Java classes', () => {
  it('range: topic by topic, the first members one more', () => {
    expect(given(range, [member('c0', 't0 t1'), member('c1', 't0 t1')], { t0: 3, t1: 3 })).toEqual({
      c0: 't0-0 t0-1 t1-0 t1-1',
      c1: 't0-2 t1-2',
    })
  })

  it('round robin: over all topics, past members that do not subscribe', () => {
    expect(given(roundrobin, [member('c0', 't0 t1'), member('c1', 't0 t1')], { t0: 3, t1: 3 })).toEqual({
      c0: 't0-0 t0-2 t1-1',
      c1: 't0-1 t1-0 t1-2',
    })
    const members = [member('c0', 't0'), member('c1', 't0 t1'), member('c2', 't0 t1 t2')]
    expect(given(roundrobin, members, { t0: 1, t1: 2, t2: 3 })).toEqual({
      c0: 't0-0',
      c1: 't1-0',
      c2: 't1-1 t2-0 t2-1 t2-2',
    })
  })

  it('static members come first, by their instance ids', () => {
    const members = [member('a', 't'), { ...member('z', 't'), instanceId: 'one' }]
    expect(given(range, members, { t: 1 })).toEqual({ a: '', z: 't-0' })
  })

  it('sticky: even first, then as little moved as can be', () => {
    const members = [member('c0', 't', 't-0 t-1 t-2 t-3'), member('c1', 't')]
    expect(given(sticky, members, { t: 4 })).toEqual({ c0: 't-0 t-1', c1: 't-2 t-3' })
    const left = [member('c0', 't', 't-0 t-1'), member('c2', 't', 't-4')]
    expect(given(sticky, left, { t: 5 })).toEqual({ c0: 't-0 t-1 t-3', c2: 't-2 t-4' })
  })

  it('sticky: of two that claim a partition the one of the later generation has it', () => {
    const members = [member('c0', 't', 't-0 t-1', 3), member('c1', 't', 't-0', 2)]
    expect(given(sticky, members, { t: 2 })).toEqual({ c0: 't-0', c1: 't-1' })
  })

  it('cooperative sticky: what moves is nobody’s for one generation', () => {
    const first = [member('c0', 't', 't-0 t-1'), member('c1', 't')]
    expect(given(cooperative, first, { t: 2 })).toEqual({ c0: 't-0', c1: '' })
    const second = [member('c0', 't', 't-0', 2), member('c1', 't', '', 2)]
    expect(given(cooperative, second, { t: 2 })).toEqual({ c0: 't-0', c1: 't-1' })
  })

  it.each(Object.values(ASSIGNORS))('$name: every partition once, whatever the numbers', (assignor) => {
    for (let members = 1; members <= 4; members += 1)
      for (let partitions = 0; partitions <= 7; partitions += 1) {
        const all = Array.from({ length: members }, (_, index) => member(`c${index}`, 't'))
        const keys = Object.values(given(assignor, all, { t: partitions })).flatMap((each) => parsed(each))
        expect(new Set(keys.map(keyOf)).size).toBe(partitions)
        expect(keys).toHaveLength(partitions)
      }
  })
})
