import { describe, expect, it } from 'vitest'
import { searchScenario, styleScenarios } from './search-file.ts'

const scenarios = await styleScenarios()

describe('correct consumers in unusual style', () => {
  it('are thirty', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(30)
  })

  // Without a fault and with one: `npm run scenarios` goes on from there, with the same seed.
  it.each(scenarios.map((each) => [each.scenario.name, each] as const))('%s', async (_, each) => {
    const outcome = await searchScenario(each, '1', 2)
    expect([outcome.outcome, outcome.runs]).toEqual(['held', 2])
  })
})
