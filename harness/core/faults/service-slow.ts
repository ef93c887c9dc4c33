import { seconds } from '../seconds.ts'
import { different } from './durations.ts'
import { fault, network } from './fault.ts'
import { ms } from './fields.ts'
import { call } from './targets.ts'

/** The service does what it is asked for at once, and answers late. */
export const serviceSlow = fault({
  kind: 'service-slow',
  family: 'service',
  target: call,
  fields: {
    durationMs: ms(({ heartbeatMissedMs, expelledMs }) => different(1_000, heartbeatMissedMs, expelledMs)),
  },
  acts: 'armed',
  spansSessions: true,
  stretches: 'surroundings',
  effect: 'it is done at once and answered `durationMs` late',
  words: ({ target, durationMs }) => `answer ${target} ${seconds(durationMs)} late`,
  told: ({ target, durationMs }) => network(`the answer to ${target} comes ${seconds(durationMs)} late`),
})
