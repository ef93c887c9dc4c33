import { fault, network } from './fault.ts'
import { request } from './targets.ts'

/** The connection closes before the request is applied. */
export const disconnectBefore = fault({
  kind: 'disconnect-before',
  family: 'network',
  target: request,
  acts: 'armed',
  stretches: 'surroundings',
  effect: 'the connection closes before it is applied',
  words: ({ target }) => `close the connection before ${target} is applied`,
  told: ({ target }) => network(`the connection breaks before ${target} is done`),
})
