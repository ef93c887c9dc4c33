import type { Scenario } from '../core/scenario.ts'

export function defineScenario(input: Scenario): Scenario {
  return input
}
