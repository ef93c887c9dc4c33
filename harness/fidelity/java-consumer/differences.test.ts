import { expect, it } from 'vitest'
import { DIFFERENCES } from './differences.ts'

function isKnown(java: string, ours: string, before: readonly string[] = []): boolean {
  return DIFFERENCES.some((each) => each.matches(java, ours, before))
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

const CUT = ['fault Fetch disconnect-before: ok', 'append 2 to 0: ok']
const REFUSED = ['fault OffsetCommit error ILLEGAL_GENERATION: ok', 'a commitAsync: ok']
const LOST = 'committed CommitFailedException | lost 0 | assigned 0'

it.each([
  ['with the same records', 'a drain: 0:3,4 | revoked 0 | assigned 0', 'a drain: 0:3,4'],
  [
    'and reads again',
    'a drain: 0:1,1,2 | committed ok | revoked 0 | assigned 0',
    'a drain: 0:1,2 | committed ok',
  ],
  ['from where nothing was committed', 'a drain: 0:3,0,1,2,3,4 | revoked 0 | assigned 0', 'a drain: 0:3,4'],
])('Java 4 may join again after its only connection broke: %s', (_, java, ours) => {
  expect(isKnown(java, ours, CUT)).toBe(true)
  expect(isKnown(java, ours)).toBe(false)
})

it.each([
  ['Java', `a drain: 0:4,5,0,1,2,3,4,5 | ${LOST}`, `a drain: 0:4,0,1,2,3,4,5 | ${LOST}`],
  ['the poll loop only', `a drain: 0:0,1,2 | ${LOST}`, `a drain: 0:2,0,1,2 | ${LOST}`],
])('records may precede the refusal of a commit: %s', (_, java, ours) => {
  expect(isKnown(java, ours, REFUSED)).toBe(true)
  expect(isKnown(java, ours)).toBe(false)
})

it.each([
  ['records that are left out', 'a drain: 0:3,4 | revoked 0 | assigned 0', 'a drain: 0:3', CUT],
  ['other callbacks', 'a drain: 0:3,4 | revoked 0 | assigned 0', 'a drain: 0:3,4 | lost 0', CUT],
  ['another assignment', 'a drain: 0:3,4 | revoked 0 | assigned 1', 'a drain: 0:3,4', CUT],
  [
    'a record less after the join',
    `a drain: 0:4,0,1,2,3,4 | ${LOST}`,
    `a drain: 0:4,0,1,2,3 | ${LOST}`,
    REFUSED,
  ],
  ['another order', `a drain: 0:0,1,2 | ${LOST}`, `a drain: 0:0,2,1 | ${LOST}`, REFUSED],
  ['no join', 'a drain: 0:4,4 | committed ok', 'a drain: 0:4 | committed ok', REFUSED],
])('and nothing else is, behind a fault: %s', (_, java, ours, before) => {
  expect(isKnown(java, ours, before)).toBe(false)
})
