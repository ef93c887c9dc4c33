import { atLeastOnce, defineScenario } from 'onceover'
import { checkScenario } from 'onceover/vitest'
import { describe } from 'vitest'
import { orders } from '../../check/testing/app.ts'
import after from '../../check/testing/commits-after.scenario.ts'

const before = defineScenario({
  name: 'defined in its test',
  topics: { orders: { partitions: 1 } },
  records: { orders: 3 },
  consumers: 1,
  faults: ['crash'],
  guarantee: atLeastOnce({ allow: ['commit-ahead'] }),
  app: (context) => orders(context, { commits: 'before' }),
})

describe('a suite', () => {
  checkScenario(before, { runs: 40 })
  checkScenario(after, { runs: 5 })
})
