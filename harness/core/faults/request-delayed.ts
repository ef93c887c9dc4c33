import { seconds } from '../seconds.ts'
import { delays } from './durations.ts'
import { fault, network } from './fault.ts'
import { ms } from './fields.ts'
import { request } from './targets.ts'

/**
 * The broker takes the request up `durationMs` late (and, one at a time, all that follow on the
 * connection).
 */
export const requestDelayed = fault({
  kind: 'request-delayed',
  family: 'network',
  target: request,
  fields: { durationMs: ms(delays) },
  acts: 'armed',
  spansSessions: true,
  stretches: 'surroundings',
  effect: 'the broker takes it up `durationMs` late',
  words: ({ target, durationMs }) => `delay ${target} by ${seconds(durationMs)}`,
  told: ({ target }) => network(`${target} arrives late`),
})
