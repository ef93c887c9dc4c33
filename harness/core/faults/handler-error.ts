import { fault, harness } from './fault.ts'
import { recordEvent } from './shown-by.ts'
import { record } from './targets.ts'
import { times, timesBehind, timesInWords } from './times.ts'

/** The handler of this record fails: once, or each time it is tried (`poison`). */
export const handlerError = fault({
  kind: 'handler-error',
  family: 'handler',
  target: record,
  fields: { times },
  acts: 'armed',
  stays: true,
  detour: [{}],
  through: 'handler-call',
  effect: 'its handler throws, `once`, so many times, `until-given-up` or `always`',
  words: ({ target, times: often }) => `fail the handler of ${target} ${timesInWords(often)}`,
  shownBy: recordEvent('handler-failure'),
  told: ({ target, times: often }) => harness(`the handler of ${target} fails${timesBehind(often)}`),
})
