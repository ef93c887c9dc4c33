import { fault, network } from './fault.ts'
import { link } from './targets.ts'

/** Every open connection between the two hosts is reset. */
export const linkReset = fault({
  kind: 'link-reset',
  family: 'network',
  target: link,
  acts: 'instant',
  stretches: 'surroundings',
  effect: 'every open connection between the two is reset',
  words: ({ target }) => `reset the connections of ${target}`,
  told: ({ target }) => network(`connections of ${target} are reset`),
})
