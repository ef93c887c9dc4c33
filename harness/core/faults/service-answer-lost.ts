import { fault, network } from './fault.ts'
import { call } from './targets.ts'

/** The service does what it is asked for, and the connection is reset before its answer leaves. */
export const serviceAnswerLost = fault({
  kind: 'service-answer-lost',
  family: 'service',
  target: call,
  acts: 'armed',
  effect: 'it is done, and the connection is reset before the answer leaves',
  words: ({ target }) => `do ${target} and reset its connection before the answer`,
  told: ({ target }) => network(`${target} is done, and its connection is reset before the answer`),
})
