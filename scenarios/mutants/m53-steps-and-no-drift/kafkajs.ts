import { atLeastOnce, defineScenario } from 'onceover'
import { QUOTES, takeQuotes } from './quotes.ts'

/**
 * Clocks jump, and the service knows it: it looks each second, and corrects its clock by what it
 * jumped. A clock that gains half a second in each second never jumps.
 */
export default defineScenario({
  name: 'M53 quotes: a clock is watched for steps, and drifts',
  topics: { quotes: { partitions: 1 } },
  records: QUOTES,
  consumers: 1,
  guarantee: atLeastOnce(),
  faults: ['clock-drift'],
  app: (context) => takeQuotes(context, { unnoticedMs: 1_000 }),
})
