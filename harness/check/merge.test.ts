import { describe, expect, it } from 'vitest'
import type { ScenarioResult } from '../core/result.ts'
import { checkScenario } from './check.ts'
import { mergeResults } from './merge.ts'
import { errorResult } from './result.ts'
import commitsBefore from './testing/commits-before.scenario.ts'
import { foundOnly } from './testing/found-only.ts'

describe('the parts of a search that violates', () => {
  it('are violated, with the counterexample, where another part ended with an error', async () => {
    const settings = { seed: '1', runs: 6, strategy: 'portfolio', out: null, ...foundOnly() }
    const violated = await checkScenario({ scenario: commitsBefore, file: null }, settings)
    const failed: ScenarioResult = { ...errorResult(violated, 'a worker ended'), counterexample: null }
    const [merged] = mergeResults([[failed], [violated]])
    expect(merged).toMatchObject({ verdict: 'violated', problem: null })
    expect(merged?.counterexample).toEqual(violated.counterexample)
    expect(merged?.remarks.join('\n')).toContain('a worker ended')
  })
})
