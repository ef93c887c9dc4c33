import { seconds } from '../seconds.ts'
import { fault, harness } from './fault.ts'
import { ms } from './fields.ts'
import { record } from './targets.ts'

/** The handler invocation of this record that has just started takes `durationMs` longer. */
export const slowHandler = fault({
  kind: 'slow-handler',
  family: 'handler',
  target: record,
  fields: {
    durationMs: ms(({ timings, expelledMs, leftBehindMs }) => [
      expelledMs,
      timings.heartbeatIntervalMs + 1_000,
      leftBehindMs,
    ]),
  },
  acts: 'armed',
  spansSessions: true,
  stretches: 'process',
  stays: true,
  detour: [{}],
  effect: 'the work for the record takes `durationMs` longer',
  words: ({ target, durationMs }) => `slow down the work for ${target} by ${seconds(durationMs)}`,
  told: ({ target, durationMs }) => harness(`the work on ${target} takes ${durationMs} ms longer`),
})
