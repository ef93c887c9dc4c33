import { fault } from './fault.ts'
import { newProcess } from './targets.ts'

/** One more process of the app starts; `target` is its name, e.g. `consumer-2`. */
export const join = fault({
  kind: 'join',
  family: 'rebalance',
  target: newProcess,
  acts: 'instant',
  phases: ['handling'],
  effect: 'one more process of the app',
  words: ({ target }) => `start ${target}`,
  told: ({ target }) => ({ lane: target, text: 'is added', mark: 'start' }),
})
