import { fault, harness } from './fault.ts'
import { recordEvent } from './shown-by.ts'
import { record } from './targets.ts'
import { times, timesBehind, timesInWords } from './times.ts'

/** The effect store refuses the effect of this record: once, or each time. */
export const effectError = fault({
  kind: 'effect-error',
  family: 'store',
  target: record,
  fields: { times },
  acts: 'armed',
  stays: true,
  detour: [{}],
  effect: 'its effect is refused, `once`, so many times, `until-given-up` or `always`',
  words: ({ target, times: often }) => `refuse the effect of ${target} ${timesInWords(often)}`,
  shownBy: recordEvent('effect-failure'),
  told: ({ target, times: often }) => harness(`the effect of ${target} is refused${timesBehind(often)}`),
})
