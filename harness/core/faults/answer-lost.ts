import { fault, network } from './fault.ts'
import { request } from './targets.ts'

/** The request is applied; its answer and all that follows on the connection is lost. */
export const answerLost = fault({
  kind: 'answer-lost',
  family: 'network',
  target: request,
  acts: 'armed',
  spansSessions: true,
  stretches: 'surroundings',
  first: 2,
  phases: ['commit in flight'],
  detour: [{}],
  effect: 'it is applied, and its answer never arrives',
  words: ({ target }) => `apply ${target} and lose its answer`,
  told: ({ target }) => network(`${target} is done, and its answer is lost`),
})
