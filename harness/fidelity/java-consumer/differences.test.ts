import { expect, it } from 'vitest'
import { DIFFERENCES } from './differences.ts'

function isKnown(java: string, ours: string): boolean {
  return DIFFERENCES.some((each) => each.matches(java, ours, []))
}

it.each([
  [
    'at the end of the line',
    'a b settle: a has 0,1, revoked 2 | assigned ; b has 2, assigned 2',
    'a b settle: a has 0,1, revoked 2 | assigned ; b has 2, assigned  | assigned 2',
  ],
  [
    'behind records',
    'a b settle: a has 0, revoked 1 | assigned ; b has 1, 1:0,1 | assigned 1',
    'a b settle: a has 0, revoked 1 | assigned ; b has 1, 1:0,1 | assigned  | assigned 1',
  ],
])('a join that gave nothing is a known difference: %s', (_, java, ours) => {
  expect(isKnown(java, ours)).toBe(true)
})

it('records before a partition that is out of range are a known difference', () => {
  const java = 'a drain: OffsetOutOfRangeException'
  expect(isKnown(java, 'a drain: 0:1,2 1:3 | OffsetOutOfRangeException')).toBe(true)
})

it.each([
  ['no exception', 'a drain: OffsetOutOfRangeException', 'a drain: 0:1,2'],
  ['another exception', 'a drain: NoOffsetForPartitionException', 'a drain: 0:1 | OffsetOutOfRangeException'],
  [
    'records of both',
    'a drain: 0:1 | OffsetOutOfRangeException',
    'a drain: 0:1,2 | OffsetOutOfRangeException',
  ],
  ['another partition', 'a settle: a has 0, assigned 0', 'a settle: a has 0, assigned  | assigned 1'],
  ['another owner', 'a settle: a has 0, assigned 0', 'a settle: a has 1, assigned 0'],
  ['another call', 'a drain: 0:0 | assigned 0', 'a drain: 0:0 | assigned  | assigned 0'],
])('and nothing else is: %s', (_, java, ours) => {
  expect(isKnown(java, ours)).toBe(false)
})
