import { fault, harness } from './fault.ts'
import { recordEvent } from './shown-by.ts'
import { record } from './targets.ts'

/** The effect is done, but the app is told that it failed. */
export const effectAckLost = fault({
  kind: 'effect-ack-lost',
  family: 'store',
  target: record,
  acts: 'armed',
  stays: true,
  detour: [{}],
  effect: 'its effect becomes real, and the app is told that it timed out',
  words: ({ target }) => `do the effect of ${target} and lose its answer`,
  shownBy: recordEvent('effect'),
  told: ({ target }) => harness(`the effect of ${target} is done, and its answer is lost`),
})
