import { fault, harness } from './fault.ts'
import { partition } from './targets.ts'

/**
 * The live replica that is furthest behind leads, in sync or not: what it does not have is lost.
 */
export const uncleanElection = fault({
  kind: 'unclean-election',
  family: 'unclean',
  target: partition,
  acts: 'instant',
  effect: 'the live replica that is furthest behind leads: what it does not have is lost',
  words: ({ target }) => `elect the replica of ${target} that is furthest behind`,
  told: ({ target }) => harness(`a replica of ${target} that is behind becomes its leader`),
  pointless: ({ brokers }) => brokers < 2,
})
