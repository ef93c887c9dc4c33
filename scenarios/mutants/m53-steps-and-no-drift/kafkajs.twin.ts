import { atLeastOnce, defineScenario } from 'onceover'
import { QUOTES, takeQuotes } from './quotes.ts'

/**
 * The clock is corrected at each look by what it is off, however little that is.
 */
export default defineScenario({
  name: 'M53 twin: quotes by a clock that is corrected at each look',
  topics: { quotes: { partitions: 1 } },
  records: QUOTES,
  consumers: 1,
  guarantee: atLeastOnce(),
  faults: ['clock-drift'],
  app: (context) => takeQuotes(context, { unnoticedMs: 0 }),
})
