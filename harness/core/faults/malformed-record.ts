import { recordName } from '../names.ts'
import { fault, harness } from './fault.ts'
import { recordEvent } from './shown-by.ts'
import { record } from './targets.ts'

/** The record's value is not what the app expects: it is cut in half when it is appended. */
export const malformedRecord = fault({
  kind: 'malformed-record',
  family: 'poison',
  target: record,
  acts: 'armed',
  stays: true,
  unasked:
    "no record was ever impossible to process: add 'poison' to the scenario's faults to see what becomes of one",
  effect: 'its value is cut in half when it is appended',
  words: ({ target }) => `cut the value of ${target} in half`,
  shownBy: recordEvent('append'),
  told: ({ target }) => harness(`${target} is malformed`),
  targets: ({ event }) => (event.kind === 'append' && event.process === null ? [recordName(event)] : []),
  moment: () => ({ atMs: 0 }),
})
