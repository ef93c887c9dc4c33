import { describe, expect, it } from 'vitest'
import { COVERAGE } from '../../reports/testing/results.ts'
import type { Coverage, ScenarioResult } from '../core/result.ts'
import { mergeResults } from './merge.ts'
import { blankResult } from './result.ts'
import { unmetAssertions } from './unmet-assertions.ts'

const RETRY = { assertion: 'sometimes', message: 'a retry succeeded' } as const
const SLOW = { assertion: 'reachable', message: 'the slow way' } as const
const blank = blankResult(
  { name: 'a', file: 'a.ts', guarantee: 'at-least-once' },
  { seed: '1', strategy: '' },
)

/** The result of a part that found nothing and in which assertions came true in so many runs. */
function part(...assertions: NonNullable<Coverage['assertions']>): ScenarioResult {
  const coverage: Coverage = { ...COVERAGE, assertions }
  const result: ScenarioResult = { ...blank, runs: 5, coverage, verdict: 'held' }
  const problem = unmetAssertions(result)
  return problem === null ? result : { ...result, verdict: 'undecided', problem }
}

describe('an assertion that must come true', () => {
  it.each([
    [part({ ...RETRY, runs: 1 }), 'held', null],
    [
      part({ ...RETRY, runs: 0 }, { ...SLOW, runs: 0 }),
      'undecided',
      "sometimes 'a retry succeeded' never came true in 5 schedules, nor did reachable 'the slow way'",
    ],
  ])('decides about a check in which nothing failed', ({ verdict, problem }, expected, why) => {
    expect(verdict).toBe(expected)
    expect(problem?.split(':')[0] ?? null).toBe(why)
  })

  it('may come true in another part of the search', () => {
    const parts = [[part({ ...RETRY, runs: 0 })], [part({ ...RETRY, runs: 2 })]]
    expect(mergeResults(parts)).toMatchObject([{ verdict: 'held', problem: null }])
  })

  it('came true in no part: the problem counts the schedules of all, the fault-free one once', () => {
    const parts = [[part({ ...RETRY, runs: 0 })], [part({ ...RETRY, runs: 0 })]]
    expect(mergeResults(parts)).toMatchObject([
      { verdict: 'undecided', problem: expect.stringContaining('in 9 schedules') },
    ])
  })

  it('hides no other reason of a part', () => {
    const other: ScenarioResult = { ...blank, problem: 'interrupted after 2 schedules', coverage: COVERAGE }
    const merged = mergeResults([[part({ ...RETRY, runs: 1 })], [other]])
    expect(merged).toMatchObject([{ verdict: 'undecided', problem: 'interrupted after 2 schedules' }])
  })
})
