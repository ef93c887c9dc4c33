import { seconds } from '../seconds.ts'
import { delays } from './durations.ts'
import { fault, network } from './fault.ts'
import { ms } from './fields.ts'
import { request } from './targets.ts'

/** The answer leaves `durationMs` after the request was applied. */
export const answerDelayed = fault({
  kind: 'answer-delayed',
  family: 'network',
  target: request,
  fields: { durationMs: ms(delays) },
  acts: 'armed',
  spansSessions: true,
  stretches: 'surroundings',
  effect: 'it is applied at once and answered `durationMs` late',
  words: ({ target, durationMs }) => `apply ${target} and delay its answer by ${seconds(durationMs)}`,
  told: ({ target }) => network(`${target} is answered late`),
})
