import { describe, expect, it } from 'vitest'
import type { Observation } from '../core/history.ts'
import { MemberIds } from './member-ids.ts'

/** A map of Java's has 16 buckets: `a` to `o` fall into 1 to 15, and so do `q` to `z` from 1 on. */
function simulated(...observations: readonly Observation[]): MemberIds {
  return new MemberIds(observations.map((each, seq) => ({ ...each, seq, timeUs: 0 })))
}

const group = 'billing'
const first = { process: 'consumer-0', incarnation: 0 }
const second = { process: 'consumer-1', incarnation: 0 }
const joined = (by: typeof first, memberId: string, rejoin = false): Observation => ({
  kind: 'member-joined',
  group,
  memberId,
  rejoin,
  ...by,
})
const removed = (memberId: string): Observation => ({
  kind: 'member-removed',
  group,
  memberId,
  reason: 'left',
  process: 'consumer-2',
  incarnation: 0,
})
const generation = (...ids: readonly string[]): Observation => ({
  kind: 'generation',
  group,
  generation: 1,
  members: ids.map((memberId) => ({ memberId, process: '' })),
})
/** A generation of two, after another member has left. */
const SUCCESSION = [removed('z'), generation('e', 'c')] as const

describe('member ids that a broker draws', () => {
  it('are drawn again until they stand to each other as the simulated ones', () => {
    const ids = simulated(joined(first, 'e'), joined(second, 'c'), ...SUCCESSION)
    expect(ids.isDrawnAgain({ group, memberId: 'o', ...first })).toBe(true)
    expect(ids.isDrawnAgain({ group, memberId: 'h', ...first })).toBe(false)
    expect(ids.isDrawnAgain({ group, memberId: 'i', ...second })).toBe(true)
    expect(ids.isDrawnAgain({ group, memberId: 'x', ...second })).toBe(true)
    expect(ids.isDrawnAgain({ group, memberId: 'g', ...second })).toBe(false)
  })

  it('are those of the next join of the same life', () => {
    const ids = simulated(joined(first, 'e'), joined(first, 'e', true), joined(first, 'c'), ...SUCCESSION)
    expect(ids.isDrawnAgain({ group, memberId: 'h', ...first })).toBe(false)
    expect(ids.isDrawnAgain({ group, memberId: 'i', ...first })).toBe(true)
    expect(ids.isDrawnAgain({ group, memberId: 'g', ...first })).toBe(false)
    expect(ids.isDrawnAgain({ group, memberId: 'a', process: 'consumer-0', incarnation: 1 })).toBe(false)
  })

  it.each([
    ['c', true],
    ['d', false],
    ['k', false],
    ['l', true],
  ])('leave room on both sides, where they are the first of their group: %s again: %s', (memberId, again) => {
    const ids = simulated(joined(first, 'e'), ...SUCCESSION)
    expect(ids.isDrawnAgain({ group, memberId, ...first })).toBe(again)
  })

  it('stand to each of those before them as the simulated ones', () => {
    const third = { process: 'consumer-2', incarnation: 0 }
    const ids = simulated(joined(first, 'e'), joined(second, 'c'), joined(third, 'd'), ...SUCCESSION)
    const again = (memberId: string, by: typeof first): boolean =>
      ids.isDrawnAgain({ group, memberId, ...by })
    expect([again('h', first), again('e', second)]).toEqual([false, false])
    expect(['k', 'c', 'f'].map((memberId) => again(memberId, third))).toEqual([true, true, false])
  })

  it('stand as they are in another group', () => {
    const ids = simulated(joined(first, 'e'), ...SUCCESSION)
    expect(ids.isDrawnAgain({ group: 'shipping', memberId: 'o', ...first })).toBe(false)
  })

  it('go by those of their own group', () => {
    const shipping = [...SUCCESSION, { ...joined(first, 'c'), group: 'shipping' }].map((each) =>
      'group' in each ? { ...each, group: 'shipping' } : each,
    )
    const ids = simulated(joined(first, 'e'), ...SUCCESSION, ...shipping)
    expect(ids.isDrawnAgain({ group, memberId: 'h', ...first })).toBe(false)
    expect(ids.isDrawnAgain({ group: 'shipping', memberId: 'i', ...first })).toBe(false)
  })

  it.each([
    ['that nobody left', [generation('e', 'c')]],
    ['in which one was left alone', [generation('e', 'c'), removed('c'), generation('e')]],
    ['that was joined by another after one had left', [removed('z'), generation('e'), generation('e', 'c')]],
  ])('stand as they are in a group %s', (_title, rest) => {
    const ids = simulated(joined(first, 'e'), joined(second, 'c'), ...rest)
    expect(ids.isDrawnAgain({ group, memberId: 'o', ...first })).toBe(false)
  })

  it('stand in the end, whatever they are', () => {
    const ids = simulated(joined(first, 'e'), joined(first, 'g'), ...SUCCESSION)
    const again = (memberId: string): boolean => ids.isDrawnAgain({ group, memberId, ...first })
    const draws = Array.from({ length: 50 }, () => again('o'))
    expect(draws.indexOf(false)).toBe(49)
    // The next one is behind it in the simulated run.
    expect(Array.from({ length: 50 }, () => again('a')).indexOf(false)).toBe(49)
  })
})
