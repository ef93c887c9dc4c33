import { expect, it } from 'vitest'
import { GroupSuccession } from './group-succession.ts'
import type { EventOf } from './history.ts'

type MemberStart = readonly [process: string, incarnation: number, group: string, ...topics: string[]]

function after(...starts: readonly MemberStart[]): GroupSuccession {
  const succession = new GroupSuccession()
  for (const [process, incarnation, group, ...topics] of starts) {
    const event: EventOf<'consumer-started'> = {
      kind: 'consumer-started',
      seq: 0,
      timeUs: 0,
      ...{ process, incarnation, group, topics },
    }
    succession.observe(event)
  }
  return succession
}

it('gives a group up when each of its processes reads the same topics in another one', () => {
  const starts: MemberStart[] = [
    ['a', 1, 'g1', 'orders'],
    ['b', 1, 'g1', 'orders'],
    ['a', 2, 'g2', 'orders'],
  ]
  expect(after(...starts).isGivenUp('g1')).toBe(false)
  expect(after(...starts, ['b', 2, 'g3', 'orders', 'mail']).isGivenUp('g1')).toBe(true)
  expect(after(...starts, ['b', 2, 'g3', 'orders']).isGivenUp('g2')).toBe(false)
})

it('does not give up a group whose topics nobody reads now, or that a process works for beside others', () => {
  expect(after(['a', 1, 'g1', 'orders'], ['a', 2, 'g2', 'mail']).isGivenUp('g1')).toBe(false)
  expect(after(['a', 1, 'g1', 'orders'], ['a', 1, 'g2', 'orders']).isGivenUp('g1')).toBe(false)
})

it('takes a group back that a process comes back to', () => {
  const left: MemberStart[] = [
    ['a', 1, 'g1', 'orders'],
    ['a', 2, 'g2', 'orders'],
  ]
  expect(after(...left).isGivenUp('g1')).toBe(true)
  expect(after(...left, ['a', 3, 'g1', 'orders']).isGivenUp('g1')).toBe(false)
})

it('does not take a group that a process had beside it for the one in its place', () => {
  const both: MemberStart[] = [
    ['a', 1, 'billing', 'orders'],
    ['a', 1, 'audit', 'orders'],
  ]
  expect(after(...both, ['a', 2, 'billing', 'orders']).isGivenUp('audit')).toBe(false)
  expect(after(...both, ['a', 2, 'billing-2', 'orders']).isGivenUp('audit')).toBe(true)
  const moved: MemberStart[] = [...both, ['a', 2, 'billing-2', 'orders'], ['a', 3, 'billing-2', 'orders']]
  expect(after(...moved).isGivenUp('audit')).toBe(true)
})

it('gives a group up that moved to another cluster, once its consumer there was stopped', () => {
  const moves: MemberStart[] = [
    ['p', 1, 'a:g', 'a:orders'],
    ['p', 1, 'b:g', 'b:orders'],
  ]
  const moved = after(...moves)
  expect(moved.isGivenUp('a:g')).toBe(false)
  moved.stop({ kind: 'consumer-stopped', seq: 0, timeUs: 0, process: 'p', incarnation: 1, group: 'a:g' })
  expect(moved.isGivenUp('a:g')).toBe(true)
  expect(moved.isGivenUp('b:g')).toBe(false)
  expect(after(...moves.slice(0, 1), ['p', 2, 'b:g', 'b:orders']).isGivenUp('a:g')).toBe(true)
  expect(after(...moves.slice(0, 1), ['p', 2, 'b:h', 'b:orders']).isGivenUp('a:g')).toBe(false)
  expect(after(...moves.slice(0, 1), ['p', 2, 'b:g', 'b:mail']).isGivenUp('a:g')).toBe(false)
})

it('gives a consumer without a group up once it was stopped, or its process does without it', () => {
  const stopped = {
    kind: 'consumer-stopped',
    seq: 0,
    timeUs: 0,
    process: 'p',
    incarnation: 1,
    group: '',
  } as const
  const reading = after(['p', 1, '', 'orders'], ['p', 1, 'g', 'mail'])
  expect(reading.isGivenUp('')).toBe(false)
  reading.stop(stopped)
  expect(reading.isGivenUp('')).toBe(true)
  expect(after(['p', 1, '', 'orders'], ['p', 2, 'g', 'mail']).isGivenUp('')).toBe(true)
})
