import { fault, network } from './fault.ts'
import { call } from './targets.ts'

/** The connection is reset when the call arrives, which is not done. */
export const serviceDisconnect = fault({
  kind: 'service-disconnect',
  family: 'service',
  target: call,
  acts: 'armed',
  effect: 'the connection is reset before it is done',
  words: ({ target }) => `reset the connection of ${target} before it is done`,
  told: ({ target }) => network(`the connection of ${target} is reset before it is done`),
})
