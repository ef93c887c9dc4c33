import { fault, network } from './fault.ts'
import { call } from './targets.ts'
import { andTheNext, inARow } from './times.ts'

/**
 * The connection is reset when the call arrives, which is not done; `times` of its sort in a row,
 * if given.
 */
export const serviceDisconnect = fault({
  kind: 'service-disconnect',
  family: 'service',
  target: call,
  fields: { times: inARow },
  acts: 'armed',
  effect:
    'the connection is reset before it is done, and so it is for those of its sort that follow, `times` in all or `until-given-up`',
  words: ({ target, times }) => `reset the connection of ${target}${andTheNext(times)} before it is done`,
  told: ({ target, times }) =>
    network(`the connection of ${target}${andTheNext(times)} is reset before it is done`),
})
