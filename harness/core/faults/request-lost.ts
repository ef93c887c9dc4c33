import { fault, network } from './fault.ts'
import { request } from './targets.ts'

/**
 * The request never arrives, and nothing after it on its connection: the client's timeout must
 * notice.
 */
export const requestLost = fault({
  kind: 'request-lost',
  family: 'network',
  target: request,
  acts: 'armed',
  spansSessions: true,
  stretches: 'surroundings',
  effect: 'it never arrives, nor does anything after it on its connection',
  words: ({ target }) => `lose ${target} before it is applied`,
  told: ({ target }) => network(`${target} never arrives`),
})
