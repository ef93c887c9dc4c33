import { checkScenario } from 'onceover/vitest'
import { describe } from 'vitest'
import after from '../../check/testing/commits-after.scenario.ts'
import before from '../../check/testing/commits-before.scenario.ts'

describe.concurrent('a suite whose tests run at once', () => {
  checkScenario(before, { runs: 40 })
  checkScenario(after, { runs: 5 })
})
