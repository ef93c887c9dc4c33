import { fault } from './fault.ts'
import { processEvent } from './shown-by.ts'
import { newProcess } from './targets.ts'

/** One more process of the app starts; `target` is its name, e.g. `consumer-2`. */
export const join = fault({
  kind: 'join',
  family: 'rebalance',
  target: newProcess,
  acts: 'instant',
  phases: ['handling'],
  detour: [{}],
  handsOver: true,
  effect: 'one more process of the app',
  words: ({ target }) => `start ${target}`,
  shownBy: processEvent('process-started'),
  told: ({ target }) => ({ lane: target, text: 'is added', mark: 'start' }),
})
