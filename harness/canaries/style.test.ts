import { describe, expect, it } from 'vitest'
import { searchScenario, styleScenarios } from './search-file.ts'

const scenarios = await styleScenarios()

describe('correct consumers in unusual style', () => {
  it('are thirty', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(30)
  })

  it.each(scenarios.map((each) => [each.scenario.name, each] as const))('%s', async (_, each) => {
    const outcome = await searchScenario(each, '1', 3)
    expect([outcome.outcome, outcome.runs]).toEqual(['held', 3])
  })
})
