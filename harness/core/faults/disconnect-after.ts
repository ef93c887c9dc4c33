import { fault, network } from './fault.ts'
import { request } from './targets.ts'

/** The connection closes after the request was applied, before its answer. */
export const disconnectAfter = fault({
  kind: 'disconnect-after',
  family: 'network',
  target: request,
  acts: 'armed',
  stretches: 'surroundings',
  effect: 'the connection closes after it was applied',
  words: ({ target }) => `close the connection after ${target} was applied`,
  told: ({ target }) => network(`${target} is done, and the connection breaks before its answer`),
})
